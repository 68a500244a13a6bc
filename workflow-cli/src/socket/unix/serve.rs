//! The process that works answers those who connect.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use workflow_durable::Durable;

use super::{Socket, received};
use crate::answer::answer;
use crate::request::{Answer, Request};
use crate::signal::stopped;

/// How long those are waited for that are being answered when it stops.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// Who answers, and until when.
#[derive(Clone)]
struct Service {
    durable: Durable,
    workflows: Arc<[&'static str]>,
    stopping: watch::Receiver<bool>,
}

impl Socket {
    /// Answers all who connect, until it is to stop.
    pub(crate) async fn serve(
        self,
        durable: Durable,
        workflows: Vec<&'static str>,
        stopping: watch::Receiver<bool>,
    ) {
        let service = Service { durable, workflows: workflows.into(), stopping };
        let mut conversations = JoinSet::new();
        let mut stopping = service.stopping.clone();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => drop(conversations.spawn(service.clone().converse(stream))),
                    // Too many files are open, for now.
                    Err(_) => sleep(Duration::from_millis(50)).await,
                },
                Some(_) = conversations.join_next() => {}
                () = stopped(&mut stopping) => break,
            }
        }
        // From now on nobody finds it.
        drop(self);
        let last = async { while conversations.join_next().await.is_some() {} };
        // Who is not answered by then sees that the connection ends.
        let _ = timeout(LAST_ANSWERS, last).await;
    }
}

impl Service {
    /// Answers line by line. One that has left needs no answer any more.
    async fn converse(mut self, stream: UnixStream) -> io::Result<()> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        loop {
            let line = tokio::select! {
                line = lines.next_line() => line?,
                () = stopped(&mut self.stopping) => None,
            };
            let Some(line) = line else { return Ok(()) };
            let Some(answer) = self.answer(&line).await else { return Ok(()) };
            writer.write_all((serde_json::to_string(&answer)? + "\n").as_bytes()).await?;
        }
    }

    /// Answers a request; one that waits is left without an answer when the process stops.
    async fn answer(&mut self, line: &str) -> Option<Answer> {
        let request = match received(line) {
            Ok(request) => request,
            Err(failure) => return Some(Err(failure)),
        };
        let waits = matches!(request, Request::AwaitExecution { .. });
        tokio::select! {
            answer = answer(&self.durable, &self.workflows, request) => Some(answer),
            () = stopped(&mut self.stopping), if waits => None,
        }
    }
}
