//! Platforms without Unix domain sockets: who finds the store open is told by its lock which process has it.

use std::path::Path;

use tokio::sync::watch;
use workflow_durable::Durable;

use super::Reached;
use crate::failure::Failure;
use crate::request::Request;
use crate::signal::stopped;

/// Reaches nobody.
pub(crate) async fn ask(_directory: &Path, _request: &Request) -> Result<Reached, Failure> {
    Ok(Reached::Nobody)
}

/// Nothing that anybody could connect to.
pub(crate) struct Socket;

impl Socket {
    pub(crate) fn bind(_directory: &Path) -> Result<Self, Failure> {
        Ok(Self)
    }

    /// Waits until it is to stop.
    pub(crate) async fn serve(
        self,
        _durable: Durable,
        _workflows: Vec<&'static str>,
        mut stopping: watch::Receiver<bool>,
    ) {
        stopped(&mut stopping).await;
    }
}
