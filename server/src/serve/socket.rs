//! The socket of a connection: records activity, times out clients that do not read, and lingers on close.

use std::{
    io::{Error, ErrorKind, IoSlice, Result},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    runtime::Handle,
    sync::OwnedSemaphorePermit,
    time::{Sleep, sleep, timeout},
};

use super::activity::Activity;

/// How long the rest of a request is read and discarded after an answer that ends the connection.
const LINGERING: Duration = Duration::from_secs(2);

pub(super) struct Socket {
    /// Taken when the socket is dropped.
    parts: Option<(TcpStream, OwnedSemaphorePermit)>,
    activity: Arc<Activity>,
    /// How long a client may go without reading a byte.
    stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub(super) fn new(
        stream: TcpStream,
        permit: OwnedSemaphorePermit,
        activity: Arc<Activity>,
        stall: Duration,
    ) -> Self {
        Self { parts: Some((stream, permit)), activity, stall, stalled: None }
    }

    fn stream(&mut self) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.parts.as_mut().expect("it is taken by drop alone").0)
    }

    fn written(&mut self, cx: &mut Context<'_>, written: Poll<Result<usize>>) -> Poll<Result<usize>> {
        if written.is_pending() {
            let stall = self.stall;
            ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(stall))).as_mut().poll(cx));
            return Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "the client stopped reading the answer")));
        }
        self.stalled = None;
        self.activity.sent();
        written
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        ready!(self.stream().poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.activity.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = self.stream().poll_write(cx, bytes);
        self.written(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = self.stream().poll_write_vectored(cx, bytes);
        self.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}

impl Drop for Socket {
    /// Closing a socket while bytes still arrive resets the connection, and the client may lose the answer that it has not
    /// read yet. So they are read and discarded for a moment.
    fn drop(&mut self) {
        let Some((mut stream, permit)) = self.parts.take() else { return };
        if !self.activity.lingers() {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            let _permit = permit;
            let discard = async {
                stream.shutdown().await?;
                let mut rest = [0; 8192];
                while stream.read(&mut rest).await? > 0 {}
                Result::Ok(())
            };
            // However it ends, the connection is over.
            let _ = timeout(LINGERING, discard).await;
        });
    }
}
