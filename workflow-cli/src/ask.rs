//! The way of a request to an engine: to the process that works, if there is one, and else to an engine that is opened for it,
//! writes down what it is asked, runs nothing and ends.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_durable::{Durable, Error, Log, Memory, StoreError};

use crate::answer::answer;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::request::{Answer, Request, Response};
use crate::socket::{self, Reached};

/// How long a store that another process has open is waited for: that process may be a command that ends soon, or one that works
/// and does not listen yet.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it waits before it tries again.
const PAUSE: Duration = Duration::from_millis(20);

/// The store of a program, for those who ask.
pub(crate) struct Store<'a> {
    program: &'a Program,
    directory: PathBuf,
}

impl<'a> Store<'a> {
    /// The store that there is.
    pub(crate) fn find(program: &'a Program, data: &DataDirectory) -> Result<Self, Failure> {
        Ok(Self { program, directory: data.find(program.name())? })
    }

    /// The store, which may be made.
    pub(crate) fn find_or_make(
        program: &'a Program,
        data: &DataDirectory,
    ) -> Result<Self, Failure> {
        Ok(Self { program, directory: data.find_or_make(program.name())? })
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Has a request answered.
    pub(crate) async fn ask(&self, request: Request) -> Result<(Response, Who), Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            match socket::ask(&self.directory, &request).await? {
                Reached::Answered(answer) => return Ok((answer?, Who::Worker)),
                Reached::Nobody => {}
                Reached::Lost => return Err(lost()),
            }
            match self.ask_idle(&request).await {
                Err(Held::Yes(_)) if Instant::now() < until => sleep(PAUSE).await,
                Err(Held::Yes(failure) | Held::No(failure)) => return Err(failure),
                Ok(response) => return Ok((response, Who::Nobody)),
            }
        }
    }

    /// Has a request answered by the process that works, if there is one.
    pub(crate) async fn ask_worker(&self, request: &Request) -> Result<Reached, Failure> {
        socket::ask(&self.directory, request).await
    }

    /// Has a request answered by an engine of its own.
    async fn ask_idle(&self, request: &Request) -> Result<Response, Held> {
        let log = Log::open(&self.directory).map_err(Held::from)?;
        let builder = self.program.register(Durable::builder(log)).idle();
        let durable = builder.open().map_err(|error| Held::No(error.into()))?;
        let answer = answer(&durable, &self.program.workflows(), request.clone()).await;
        durable.shut_down(Duration::ZERO).await;
        answer.map_err(Held::No)
    }

    /// Opens the store to work on it, once nobody else has it open.
    pub(crate) async fn open(&self) -> Result<Log, Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Reached::Answered(Ok(Response::Worker { process })) =
                socket::ask(&self.directory, &Request::Worker).await?
            {
                return Err(works_already(&self.directory, process));
            }
            match Log::open(&self.directory).map_err(Held::from) {
                Err(Held::Yes(_)) if Instant::now() < until => sleep(PAUSE).await,
                Err(Held::Yes(failure) | Held::No(failure)) => return Err(failure),
                Ok(log) => return Ok(log),
            }
        }
    }
}

/// Answers a request in memory, so that what would be refused makes no store.
pub(crate) async fn rehearse(program: &Program, request: Request) -> Answer {
    let durable = program.register(Durable::builder(Memory::default())).idle().open()?;
    answer(&durable, &program.workflows(), request).await
}

/// Who has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// A process that works.
    Worker,
    /// An engine that runs nothing: what was asked for goes on when a process works.
    Nobody,
}

/// Whether a store was not opened because another process has it open.
enum Held {
    Yes(Failure),
    No(Failure),
}

impl From<StoreError> for Held {
    fn from(error: StoreError) -> Self {
        let is_held = error.is_held();
        let failure = Error::from(error).into();
        if is_held { Self::Yes(failure) } else { Self::No(failure) }
    }
}

fn works_already(directory: &Path, process: u32) -> Failure {
    Failure::failed(format!(
        "process {process} works on the store in `{}` already",
        directory.display()
    ))
}

fn lost() -> Failure {
    Failure::failed(
        "the process that works has ended before it answered: see with `describe` what was done",
    )
}
