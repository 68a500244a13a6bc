//! `asl-to-workflow FILE`: prints a definition of ASL in the notation of `workflow!`.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, fs};

use clap::Parser;

/// Translates a definition of the Amazon States Language to the notation of `workflow!`.
///
/// What it prints compiles: data are `Json`, and each function is a task that is left to write. Where a person has to decide,
/// a comment begins with `decide:`.
#[derive(Debug, Parser)]
#[command(version)]
struct CommandLine {
    /// The definition: a file of JSON, or `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The name of the workflow; that of the file, where none is given.
    #[arg(short, long)]
    name: Option<String>,
}

/// Why nothing is printed: bad input has the exit status 2, and output that cannot be written 1.
enum Failure {
    Input(String),
    Output(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(text) => f.write_str(text),
            Self::Output(error) => write!(f, "error: cannot write to standard output: {error}"),
        }
    }
}

fn main() -> ExitCode {
    match run(&CommandLine::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // Where standard error is closed, only the exit status is left to tell.
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::from(if matches!(failure, Failure::Input(_)) { 2 } else { 1 })
        }
    }
}

fn run(command_line: &CommandLine) -> Result<(), Failure> {
    let file = command_line.file.display().to_string();
    let definition = read(command_line)
        .map_err(|error| Failure::Input(format!("error: cannot read `{file}`: {error}")))?;
    let name = match &command_line.name {
        Some(name) => name.clone(),
        None => name_of(&command_line.file),
    };
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        return Err(Failure::Input(format!(
            "error: `{name}` cannot name a workflow: give one with `--name`"
        )));
    }
    let source = asl_to_workflow::translate(&definition, &name).map_err(|messages| {
        let messages = messages.iter().map(|message| format!("error: {file}:{message}"));
        Failure::Input(messages.collect::<Vec<_>>().join("\n"))
    })?;
    io::stdout().write_all(source.as_bytes()).map_err(Failure::Output)
}

fn read(command_line: &CommandLine) -> io::Result<String> {
    if command_line.file.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    fs::read_to_string(&command_line.file)
}

/// `order_flow.asl.json` as `OrderFlow`.
fn name_of(file: &std::path::Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let words =
        stem.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect();
    if name.is_empty() { "Workflow".to_owned() } else { name }
}
