//! Definitions of ASL in files: errors name the file and the place in it, and the build notices when the file changes.
//!
//! A path is relative to the crate, so each case is a crate of its own, written beside the build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MAIN: &str = r#"
use workflow_core::workflow;

#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
pub struct Order {
    pub id: String,
}

workflow! {
    pub Flow(Order) -> String;
    asl: file "order.asl.json"
}

fn main() {}
"#;

const RIGHT: &str = r#"{
  "StartAt": "Show",
  "States": {
    "Show": { "Type": "Pass", "InputPath": "$.id", "End": true }
  }
}"#;

/// A crate with a definition in a file.
struct Crate(PathBuf);

impl Crate {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        let core = root.join("workflow-core");
        let manifest = format!(
            "[package]\nname = \"definition\"\nedition = \"2024\"\n\n[dependencies]\n\
             workflow-core = {{ path = {core:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\n[workspace]\n"
        );
        fs::create_dir_all(folder.join("src")).expect("folders can be made");
        fs::write(folder.join("Cargo.toml"), manifest).expect("files can be written");
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))
            .expect("there is a Cargo.lock");
        fs::write(folder.join("src/main.rs"), MAIN).expect("files can be written");
        Self(folder)
    }

    /// What the compiler says of a definition.
    fn check(&self, definition: Option<&str>) -> String {
        let file = self.0.join("order.asl.json");
        match definition {
            Some(text) => fs::write(&file, text).expect("files can be written"),
            None => fs::remove_file(&file).expect("the file was there"),
        }
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--color", "never"])
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", self.0.join("target"))
            .output()
            .expect("Cargo can be run");
        String::from_utf8(output.stderr).expect("messages are text")
    }
}

#[test]
fn an_error_names_the_file_and_the_place_in_it_and_the_build_notices_changes() {
    let definition = Crate::new();
    assert_eq!(definition.check(Some(RIGHT)), "");
    let answer = definition.check(Some(&RIGHT.replace("$.id", "$.ident")));
    assert!(
        answer.contains(
            "state `Show` at `order.asl.json:4:44`: no results for path `$.ident`: `Order` has no field `ident`, only `id`"
        ),
        "{answer}"
    );
    let answer = definition.check(Some(&RIGHT.replace("\"End\": true", "\"Next\": \"Shw\"")));
    assert!(answer.contains("error: order.asl.json:4:60: unknown state `Shw`"), "{answer}");
    assert_eq!(answer.matches("error: order").count(), 1, "{answer}");
    let answer = definition.check(Some("{ \"StartAt\": \"Show\", }"));
    assert!(
        answer.contains("order.asl.json:1:20: this is no JSON: trailing commas are not allowed"),
        "{answer}"
    );
    let answer = definition.check(None);
    assert!(answer.contains("cannot read `order.asl.json`"), "{answer}");
    assert_eq!(definition.check(Some(RIGHT)), "");
}
