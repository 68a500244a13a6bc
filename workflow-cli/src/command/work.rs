//! `work`: runs everything that is not finished, and answers the other commands, until it is told to stop.

use std::io::{self, IsTerminal, Stderr};
use std::time::Duration;

use clap::Args;
use tokio::sync::watch;
use tokio::time::interval;
use workflow_durable::{Durable, List, Status};

use crate::ask::Store;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::signal::Signals;
use crate::socket::Socket;
use crate::tally::Tally;
use crate::terminal::note;
use crate::traces::Traces;

/// Runs everything that is not finished, until it is told to stop.
#[derive(Debug, Clone, Args)]
pub struct Work {
    /// Ends when nothing runs any more: with the exit status 1, if an execution has failed meanwhile.
    #[arg(long)]
    until_done: bool,

    /// How long tasks under way may take when it is told to stop.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    grace: u32,

    /// Leaves out the trace and the progress.
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    data: DataDirectory,
}

/// What hears of what happens.
type News = (Traces<Stderr>, Tally);

/// Why it works no more.
#[derive(PartialEq)]
enum End {
    /// It was told to stop.
    Stopped,
    /// Nothing runs any more.
    Done,
}

impl Work {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let mut signals = Signals::new()
            .map_err(|error| Failure::failed(format!("signals cannot be heard: {error}")))?;
        let news = (Traces::new(io::stderr()), Tally::default());
        let (durable, socket) = self.open(program, &news).await?;
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(socket.serve(durable.clone(), program.workflows(), stopping));
        let telling = (!self.quiet).then(|| tokio::spawn(tell(news.clone())));
        let end = tokio::select! {
            _ = signals.next() => End::Stopped,
            done = until_done(&durable, program), if self.until_done => done.map(|()| End::Done)?,
        };
        stop.send_replace(true);
        // It ends since it was told to; a panic in it is no reason to go on.
        let _ = serving.await;
        self.shut_down(&durable, &mut signals, &end).await;
        if let Some(telling) = telling {
            telling.abort();
        }
        if end == End::Done && news.1.has_failed() {
            let name = program.name();
            let message = format!("an execution has failed: see `{name} list --status FAILED`");
            return Err(Failure::failed(message));
        }
        Ok(())
    }

    /// Opens the store to work on it, and the socket on which others ask.
    async fn open(&self, program: &Program, news: &News) -> Result<(Durable, Socket), Failure> {
        let store = Store::find_or_make(program, &self.data)?;
        let log = store.open().await?;
        // Before the executions are read: who asks meanwhile waits for the answer.
        let socket = Socket::bind(store.directory())?;
        let builder = program.register(Durable::builder(log));
        let builder = match self.quiet {
            true => builder.listener(news.1.clone()),
            false => builder.listener(news.clone()),
        };
        let durable = builder.open()?;
        if !self.quiet {
            note(&format!("working on `{}`, until Ctrl-C", store.directory().display()));
        }
        Ok((durable, socket))
    }

    /// Shuts the engine down, unless a second signal comes.
    async fn shut_down(&self, durable: &Durable, signals: &mut Signals, end: &End) {
        if *end == End::Stopped && !self.quiet {
            let grace = self.grace;
            note(&format!(
                "stopping: tasks under way have {grace} s to end; a second signal ends them at once"
            ));
        }
        tokio::select! {
            () = durable.shut_down(Duration::from_secs(self.grace.into())) => {}
            signal = signals.next() => std::process::exit(signal.status()),
        }
    }
}

/// Waits until no execution of the program runs any more.
async fn until_done(durable: &Durable, program: &Program) -> Result<(), Failure> {
    loop {
        let mut running = Vec::new();
        for workflow in program.workflows() {
            let (workflow, status) = (Some(workflow.to_owned()), Some(Status::Running));
            let list = List { workflow, status, most: usize::MAX, after: None };
            running.extend(durable.list(&list).await?.executions);
        }
        if running.is_empty() {
            return Ok(());
        }
        for listed in running {
            durable.execution(&listed.id).await?.ended().await?;
        }
    }
}

/// Tells for ever of what happens: where executions wait, and on a terminal how many run.
async fn tell((traces, tally): News) {
    const QUIET: Duration = Duration::from_millis(500);
    const TICKS_OF_PROGRESS: usize = 20;
    let mut tick = interval(QUIET / 2);
    let mut said = None;
    for ticks in 1.. {
        tick.tick().await;
        traces.write_quiet(QUIET);
        let progress = tally.progress().filter(|_| ticks % TICKS_OF_PROGRESS == 0);
        if progress.is_some() && progress != said && io::stderr().is_terminal() {
            note(progress.as_deref().unwrap_or_default());
            said = progress;
        }
    }
}
