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
            match self.ask_once(&request).await {
                Err(Unanswered::Held(_)) if Instant::now() < until => sleep(PAUSE).await,
                answered => return answered.map_err(Failure::from),
            }
        }
    }

    /// Has a request answered, unless another process has the store open that does not answer now.
    pub(crate) async fn ask_if_free(&self, request: &Request) -> Result<Option<Response>, Failure> {
        match self.ask_once(request).await {
            Ok((response, _)) => Ok(Some(response)),
            Err(Unanswered::Held(_) | Unanswered::Lost) => Ok(None),
            Err(Unanswered::Refused(failure)) => Err(failure),
        }
    }

    /// Has a request answered by the process that works, if there is one.
    pub(crate) async fn ask_worker(&self, request: &Request) -> Result<Reached, Failure> {
        socket::ask(&self.directory, request).await
    }

    async fn ask_once(&self, request: &Request) -> Result<(Response, Who), Unanswered> {
        match self.ask_worker(request).await.map_err(Unanswered::Refused)? {
            Reached::Answered(Ok(response)) => Ok((response, Who::Worker)),
            Reached::Answered(Err(failure)) => Err(Unanswered::Refused(failure)),
            Reached::Lost => Err(Unanswered::Lost),
            Reached::Nobody => Ok((self.ask_idle(request).await?, Who::Nobody)),
        }
    }

    /// Has a request answered by an engine of its own.
    async fn ask_idle(&self, request: &Request) -> Result<Response, Unanswered> {
        let builder = self.program.register(Durable::builder(Log::open(&self.directory)?)).idle();
        let durable = builder.open().map_err(|error| Unanswered::Refused(error.into()))?;
        let answer = answer(&durable, &self.program.workflows(), request.clone()).await;
        durable.shut_down(Duration::ZERO).await;
        answer.map_err(Unanswered::Refused)
    }

    /// Opens the store to work on it, once nobody else has it open.
    pub(crate) async fn open(&self) -> Result<Log, Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Reached::Answered(Ok(Response::Worker { process })) =
                self.ask_worker(&Request::Worker).await?
            {
                return Err(works_already(&self.directory, process));
            }
            match Log::open(&self.directory) {
                Err(error) if error.is_held() && Instant::now() < until => sleep(PAUSE).await,
                opened => return opened.map_err(|error| Error::from(error).into()),
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

/// Why there is no answer.
enum Unanswered {
    /// Another process has the store open.
    Held(Failure),
    /// The process that works has ended before it answered.
    Lost,
    Refused(Failure),
}

impl From<StoreError> for Unanswered {
    fn from(error: StoreError) -> Self {
        let is_held = error.is_held();
        let failure = Error::from(error).into();
        if is_held { Self::Held(failure) } else { Self::Refused(failure) }
    }
}

impl From<Unanswered> for Failure {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Held(failure) | Unanswered::Refused(failure) => failure,
            Unanswered::Lost => Self::failed(
                "the process that works has ended before it answered: see with `describe` what was done",
            ),
        }
    }
}

fn works_already(directory: &Path, process: u32) -> Failure {
    Failure::failed(format!(
        "process {process} works on the store in `{}` already",
        directory.display()
    ))
}
