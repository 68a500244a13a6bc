//! What tells a process to stop: SIGTERM and Ctrl-C; where there is no SIGTERM, Ctrl-C alone.

use std::io;

use tokio::sync::watch;

/// A signal to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    #[cfg(unix)]
    Terminate,
}

impl Signal {
    /// The exit status of a process that it has ended.
    pub(crate) const fn status(self) -> i32 {
        match self {
            Self::Interrupt => 130,
            #[cfg(unix)]
            Self::Terminate => 143,
        }
    }
}

/// Waits until it is said that the process stops, or nobody is left who could say so.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

#[cfg(unix)]
mod heard {
    use tokio::signal::unix::{self, SignalKind};

    use super::{Signal, io};

    /// Hears signals, from when it is made.
    pub(crate) struct Signals {
        interrupt: unix::Signal,
        terminate: unix::Signal,
    }

    impl Signals {
        pub(crate) fn new() -> io::Result<Self> {
            let interrupt = unix::signal(SignalKind::interrupt())?;
            Ok(Self { interrupt, terminate: unix::signal(SignalKind::terminate())? })
        }

        /// Waits for the next signal.
        pub(crate) async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.interrupt.recv() => Signal::Interrupt,
                _ = self.terminate.recv() => Signal::Terminate,
            }
        }
    }
}

#[cfg(not(unix))]
mod heard {
    use super::{Signal, io};

    /// Hears Ctrl-C.
    pub(crate) struct Signals;

    impl Signals {
        pub(crate) fn new() -> io::Result<Self> {
            Ok(Self)
        }

        /// Waits for the next signal.
        pub(crate) async fn next(&mut self) -> Signal {
            if tokio::signal::ctrl_c().await.is_err() {
                // It cannot be heard: only the end of the process stops it.
                std::future::pending::<()>().await;
            }
            Signal::Interrupt
        }
    }
}

pub(crate) use heard::Signals;
