//! Stands between Vestibule and a directory, and does to the directory's answers what a test says.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What happens once so many bytes were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Everything passes.
    None,
    /// The answers stop, and the connection stays.
    Hold(usize),
    /// The connection ends.
    Cut(usize),
    /// What follows is no LDAP.
    Garbage(usize),
}

/// The proxy; it ends when it is dropped.
pub(super) struct Proxy {
    port: u16,
    fault: watch::Sender<Fault>,
    held: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub(super) async fn start(directory: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (fault, faults) = watch::channel(Fault::None);
        let (tell, held) = watch::channel(false);
        let tell = Arc::new(tell);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", directory)).await else { continue };
                tokio::spawn(pass(client, server, faults.clone(), tell.clone()));
            }
        });
        Self { port, fault, held, task }
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Does this to the answers from now on; [`Fault::None`] lets those pass that are held.
    pub(super) fn inflict(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Waits until answers are held.
    pub(super) async fn until_held(&self) {
        self.held.clone().wait_for(|held| *held).await.expect("the proxy runs");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(
    client: TcpStream,
    server: TcpStream,
    mut faults: watch::Receiver<Fault>,
    tell: Arc<watch::Sender<bool>>,
) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let asking = tokio::spawn(async move {
        // Either side may be gone; the other loop notices.
        let _ = copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
    });
    let mut passed = 0;
    let mut buffer = vec![0; 4096];
    while let Ok(count) = from_server.read(&mut buffer).await {
        if count == 0 {
            break;
        }
        passed += count;
        let fault = *faults.borrow();
        match fault {
            Fault::Cut(after) if passed > after => break,
            Fault::Garbage(after) if passed > after => {
                let _ = to_client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                break;
            }
            Fault::Hold(after) if passed > after => {
                tell.send_replace(true);
                if faults.wait_for(|fault| !matches!(fault, Fault::Hold(_))).await.is_err() {
                    break;
                }
                tell.send_replace(false);
            }
            Fault::None | Fault::Hold(_) | Fault::Cut(_) | Fault::Garbage(_) => {}
        }
        if to_client.write_all(&buffer[..count]).await.is_err() {
            break;
        }
    }
    asking.abort();
}
