//! A program: its name, its workflows, and the way from its command line to its exit status.

use std::ffi::OsStr;
use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{FromArgMatches, Subcommand};
use tokio::runtime;
use workflow_core::{Data, Json, Supplies, Workflow};
use workflow_durable::Builder;

use crate::command::{Command, Waiting};
use crate::failure::Failure;
use crate::input;

/// A program that runs workflows durably: what its commands need to know of it.
///
/// # Example
///
/// The whole `main.rs` beside the workflows themselves:
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use workflow_core::workflow;
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// fn main() -> ExitCode {
///     workflow_cli::Program::new("greetings").workflow::<Greeting, _>(()).main()
/// }
/// ```
#[derive(Clone)]
pub struct Program {
    name: &'static str,
    workflows: Vec<Registered>,
}

/// A workflow of a program.
#[derive(Clone)]
struct Registered {
    name: &'static str,
    register: Arc<dyn Fn(Builder) -> Builder + Send + Sync>,
    read: Reader,
}

type Reader = Arc<dyn Fn(&OsStr) -> Result<Input, Failure> + Send + Sync>;

/// An input that was read, and the name of its execution where it gives one.
pub(crate) struct Input {
    pub(crate) json: Json,
    pub(crate) name: Option<String>,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("name", &self.name)
            .field("workflows", &self.workflows())
            .finish_non_exhaustive()
    }
}

impl Program {
    /// Makes a program of this name, as it stands in a command line. The directory in the user's data folder has the same.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, workflows: Vec::new() }
    }

    /// Registers a workflow, and what its tasks are handed. The first one is that of `start`, where it is the only one.
    #[must_use]
    pub fn workflow<W: Workflow, R>(mut self, resources: R) -> Self
    where
        R: Send + Sync + 'static,
        for<'r> &'r R: Supplies<'r, W::Resources>,
    {
        let resources = Arc::new(resources);
        let register = move |builder: Builder| builder.workflow::<W, R>(Arc::clone(&resources));
        let name = W::DEFINITION.name;
        let read = reader::<W>(format!("an input of `{name}`"), |_| None);
        self.workflows.push(Registered { name, register: Arc::new(register), read });
        self
    }

    /// Has messages call the input of a workflow so, as in `an order`, and names an execution after its input where `start` is
    /// given no name. Without a name it has a random one.
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_core::workflow;
    /// # workflow! {
    /// #     pub Greeting(String) -> String;
    /// #     Greet: Pass { output: format("Hello, {}!", $), end }
    /// # }
    /// let program = workflow_cli::Program::new("greetings")
    ///     .workflow::<Greeting, _>(())
    ///     .input::<Greeting>("a name", |name| Some(format!("for-{name}")));
    /// # let _ = program;
    /// ```
    #[must_use]
    pub fn input<W: Workflow>(
        mut self,
        called: &str,
        name: impl Fn(&W::Input) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let read = reader::<W>(called.to_owned(), name);
        for workflow in self.workflows.iter_mut().filter(|known| known.name == W::DEFINITION.name) {
            workflow.read = Arc::clone(&read);
        }
        self
    }

    /// Does what the command line of the process says.
    #[must_use]
    pub fn main(self) -> ExitCode {
        let command_line = Command::augment_subcommands(clap::Command::new(self.name))
            .styles(STYLES)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .after_help(Failure::EXIT_STATUS);
        let matches = command_line.get_matches();
        let command = Command::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        match self.run(&command) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(),
        }
    }

    /// Does what a command says, on a runtime of its own, for programs whose command line has more than the commands.
    ///
    /// # Errors
    ///
    /// When it is not done.
    ///
    /// # Panics
    ///
    /// When it is called on a runtime.
    pub fn run(&self, command: &Command) -> Result<(), Failure> {
        let mut runtime = match command {
            Command::Work(_) => runtime::Builder::new_multi_thread(),
            // Nothing runs.
            _ => runtime::Builder::new_current_thread(),
        };
        block_on(&mut runtime, command.run(self))
    }

    /// Ends a task that waits for its task token, with a result that the program knows.
    ///
    /// # Errors
    ///
    /// When it is not done.
    ///
    /// # Panics
    ///
    /// When it is called on a runtime.
    pub fn send_task_success(&self, waiting: &Waiting, output: &impl Data) -> Result<(), Failure> {
        let output = serde_json::to_value(output).map_err(|error| {
            Failure::failed(format!("the result cannot be written as JSON: {error}"))
        })?;
        block_on(&mut runtime::Builder::new_current_thread(), waiting.succeed(self, output))
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// The names of its workflows.
    pub(crate) fn workflows(&self) -> Vec<&'static str> {
        self.workflows.iter().map(|workflow| workflow.name).collect()
    }

    /// Registers its workflows with an engine.
    pub(crate) fn register(&self, builder: Builder) -> Builder {
        self.workflows.iter().fold(builder, |builder, workflow| (workflow.register)(builder))
    }

    /// The workflow of this name, or the only one.
    pub(crate) fn choose(&self, name: Option<&str>) -> Result<&'static str, Failure> {
        let names = || {
            let names: Vec<_> =
                self.workflows.iter().map(|known| format!("`{}`", known.name)).collect();
            names.join(", ")
        };
        match (name, &self.workflows[..]) {
            (None, [only]) => Ok(only.name),
            (None, _) => Err(Failure::wrong(format!(
                "give one of the workflows with `--workflow`: {}",
                names()
            ))),
            (Some(name), known) => match known.iter().find(|known| known.name == name) {
                Some(known) => Ok(known.name),
                None => {
                    Err(Failure::wrong(format!("there is no workflow `{name}`, only {}", names())))
                }
            },
        }
    }

    /// Reads the input of a workflow.
    pub(crate) fn read(&self, workflow: &str, argument: &OsStr) -> Result<Input, Failure> {
        let known = self.workflows.iter().find(|known| known.name == workflow);
        let known = known.expect("`choose` gave the name");
        (known.read)(argument)
    }

    /// An execution as a person names it: by its name alone, where there is one workflow.
    pub(crate) fn short<'a>(&self, id: &'a str) -> &'a str {
        match id.split_once(':') {
            Some((workflow, name)) if self.workflows() == [workflow] => name,
            _ => id,
        }
    }
}

fn reader<W: Workflow>(
    called: String,
    name: impl Fn(&W::Input) -> Option<String> + Send + Sync + 'static,
) -> Reader {
    Arc::new(move |argument| {
        let input = input::read::<W::Input>(argument, &called)?;
        let json = serde_json::to_value(&input).map_err(|error| {
            Failure::wrong(format!("{called} cannot be written as JSON: {error}"))
        })?;
        Ok(Input { json, name: name(&input) })
    })
}

fn block_on(
    runtime: &mut runtime::Builder,
    done: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    let runtime = runtime.enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::failed(format!("no runtime can be made: {error}")))?;
    let done = runtime.block_on(done);
    // A task that blocks its thread has had its time of grace.
    runtime.shutdown_background();
    done
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());
