//! Stands between Vestibule and PostgreSQL, as a network that fails.

use std::{path::PathBuf, sync::Arc};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::JoinHandle,
};

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    /// Everything passes.
    Works,
    /// Connections end, and new ones end at once.
    Cut,
    /// Connections stay, and nothing passes.
    Swallows,
}

/// The proxy; it ends when it is dropped.
pub(super) struct Proxy {
    pub(super) port: u16,
    network: watch::Sender<Network>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub(super) async fn start(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (network, state) = watch::channel(Network::Works);
        let socket = Arc::new(socket);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, socket.clone(), state.clone()));
            }
        });
        Self { port, network, task }
    }

    pub(super) fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(mut client: TcpStream, socket: Arc<PathBuf>, mut state: watch::Receiver<Network>) {
    let Ok(mut server) = UnixStream::connect(socket.as_path()).await else { return };
    loop {
        let now = *state.borrow_and_update();
        match now {
            Network::Cut => return,
            // A network that forgot its connections does not take them up again either.
            Network::Swallows => {
                while *state.borrow_and_update() == Network::Swallows {
                    if state.changed().await.is_err() {
                        return;
                    }
                }
                return;
            }
            Network::Works => {
                let changed = state.changed();
                tokio::select! {
                    _ = copy_bidirectional(&mut client, &mut server) => return,
                    changed = changed => if changed.is_err() { return },
                }
            }
        }
    }
}
