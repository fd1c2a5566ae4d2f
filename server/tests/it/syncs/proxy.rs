//! Stands between Vestibule and a directory, and does to the directory's answers what a test says.

use std::sync::Arc;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, copy},
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
    /// The connection ends in the middle of a message.
    Cut(usize),
    /// What follows is no LDAP.
    Garbage(usize),
    /// The next page ends with this result code (RFC 4511, appendix A), which is below 128.
    Result(usize, u8),
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
    let (from_server, mut to_server) = server.into_split();
    let asking = tokio::spawn(async move {
        // Either side may be gone; the other loop notices.
        let _ = copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
    });
    let mut from_server = BufReader::new(from_server);
    let mut passed = 0;
    while let Some(mut message) = message(&mut from_server).await {
        passed += message.len();
        let fault = *faults.borrow();
        match fault {
            Fault::Cut(after) if passed > after => {
                let _ = to_client.write_all(&message[..message.len() / 2]).await;
                break;
            }
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
            Fault::Result(after, code) if passed > after => fail(&mut message, code),
            Fault::None | Fault::Hold(_) | Fault::Cut(_) | Fault::Garbage(_) | Fault::Result(..) => {}
        }
        if to_client.write_all(&message).await.is_err() {
            break;
        }
    }
    asking.abort();
}

/// The next message of a directory that means well; nothing at the end.
async fn message(from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut head = vec![0; 2];
    from.read_exact(&mut head).await.ok()?;
    let mut length = usize::from(head[1]);
    if length >= 0x80 {
        let mut bytes = vec![0; length & 0x7f];
        from.read_exact(&mut bytes).await.ok()?;
        length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        head.extend(bytes);
    }
    let start = head.len();
    head.resize(start + length, 0);
    from.read_exact(&mut head[start..]).await.ok()?;
    Some(head)
}

/// Puts a result code into the end of a search; other messages stay as they are.
fn fail(message: &mut [u8], code: u8) {
    let skip = |at: usize| at + 2 + if message[at + 1] >= 0x80 { usize::from(message[at + 1] & 0x7f) } else { 0 };
    // Into the message, over its number, which is short, and into the operation.
    let number = skip(0);
    let operation = number + 2 + usize::from(message[number + 1]);
    let result = skip(operation);
    if message[operation] == 0x65 {
        message[result + 2] = code;
    }
}
