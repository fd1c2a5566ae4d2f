//! The guard between the network and the library: passes on validated messages, as fast as they are used.
//!
//! The library reads as fast as a server sends and keeps everything, and a server could answer a search as if it were a bind.
//! The guard remembers the requests, drops messages that answer none of them, and stops reading while much is unread.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::sync::Notify;

use super::frame::{self, FrameError, operation};
use super::tls;

/// How much may lie unread before the server has to wait.
const MAX_UNREAD: usize = 16 * 1024 * 1024;

/// What is known of a connection from its outside; the connection ends when the library's end is dropped.
#[derive(Clone)]
pub(super) struct Guard {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    room: Notify,
}

#[derive(Default)]
struct State {
    /// What was asked, by number, and is not answered yet.
    asked: HashMap<u32, u8>,
    /// The sizes of what lies unread, the oldest first.
    unread: VecDeque<usize>,
    unread_bytes: usize,
    fault: Option<Fault>,
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The server closed it.
    Closed,
    /// The server said that it would close it (RFC 4511, section 4.4.1), with this result code.
    Disconnected(u32),
    /// It broke.
    Broken(io::ErrorKind),
    /// TLS ended it: some servers refuse a client's certificate only after the handshake.
    Tls(&'static str),
    /// What came is not what LDAP has.
    Malformed(&'static str),
}

impl Guard {
    /// Sets a guard before a connection; answers the library's end of it.
    pub(super) fn set<S>(stream: S) -> io::Result<(Self, StdUnixStream)>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (ours, theirs) = UnixStream::pair()?;
        let guard = Self { shared: Arc::default() };
        tokio::spawn(carry(Arc::clone(&guard.shared), Box::new(stream), ours));
        Ok((guard, theirs.into_std()?))
    }

    /// Marks one result of a search as consumed, which makes room for the next.
    pub(super) fn used_one(&self) {
        let mut state = self.shared.lock();
        if let Some(size) = state.unread.pop_front() {
            state.unread_bytes -= size;
        }
        drop(state);
        self.shared.room.notify_one();
    }

    /// Why the connection ended, when it did.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.shared.lock().fault.clone()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing is left half done while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for more.
    async fn has_room(&self) {
        while self.lock().unread_bytes > MAX_UNREAD {
            self.room.notified().await;
        }
    }

    fn asks(&self, frame: &[u8]) {
        if let Some((id, kind @ (operation::BIND | operation::SEARCH | operation::EXTENDED))) = frame::request(frame) {
            self.lock().asked.insert(id, kind);
        }
    }

    /// Whether an answer is passed on.
    fn admits(&self, frame: &[u8]) -> Result<bool, Fault> {
        let message = frame::inspect(frame).map_err(Fault::Malformed)?;
        if message.id == 0 {
            return match message.operation {
                operation::EXTENDED_DONE => Err(Fault::Disconnected(message.result.unwrap_or_default())),
                _ => Err(Fault::Malformed("an answer belongs to no question")),
            };
        }
        let mut state = self.lock();
        // What was given up is still answered.
        let Some(&asked) = state.asked.get(&message.id) else { return Ok(false) };
        match (asked, message.operation) {
            (_, operation::INTERMEDIATE) => return Ok(false),
            (operation::SEARCH, operation::ENTRY | operation::REFERENCE) => {
                state.unread.push_back(frame.len());
                state.unread_bytes += frame.len();
            }
            (operation::SEARCH, operation::DONE)
            | (operation::BIND, operation::BOUND)
            | (operation::EXTENDED, operation::EXTENDED_DONE) => {
                state.asked.remove(&message.id);
            }
            _ => return Err(Fault::Malformed("an answer does not fit its question")),
        }
        Ok(true)
    }
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for S {}

/// Carries both ways until one of them ends.
async fn carry(shared: Arc<Shared>, server: Box<dyn Wire>, client: UnixStream) {
    let (from_server, mut to_server) = tokio::io::split(server);
    let (from_client, mut to_client) = client.into_split();
    let questions = async {
        let mut from_client = BufReader::new(from_client);
        while let Some(frame) = frame::read(&mut from_client).await? {
            shared.asks(&frame);
            to_server.write_all(&frame).await?;
            to_server.flush().await?;
        }
        Ok::<_, FrameError>(())
    };
    let answers = async {
        let mut from_server = BufReader::with_capacity(64 * 1024, from_server);
        loop {
            shared.has_room().await;
            let frame = frame::read(&mut from_server).await.map_err(fault_of)?.ok_or(Fault::Closed)?;
            if shared.admits(&frame)? && to_client.write_all(&frame).await.is_err() {
                return Ok::<_, Fault>(());
            }
        }
    };
    let fault = tokio::select! {
        asked = questions => asked.err().map(fault_of),
        answered = answers => answered.err(),
    };
    // Before the library's end closes, so that the reason is there when that is noticed.
    shared.lock().fault = fault;
}

fn fault_of(error: FrameError) -> Fault {
    match error {
        FrameError::Malformed(reason) => Fault::Malformed(reason),
        FrameError::Io(error) => match tls::reason(&error) {
            Some(reason) => Fault::Tls(reason),
            None => Fault::Broken(error.kind()),
        },
    }
}
