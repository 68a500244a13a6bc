//! How an execution stands, by AWS's name.

use serde::{Deserialize, Serialize};
use workflow_durable::{Status, UnknownStatus};

/// A status, as in `TIMED_OUT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct StatusName(pub(crate) Status);

impl From<StatusName> for String {
    fn from(status: StatusName) -> Self {
        status.0.to_string()
    }
}

impl TryFrom<String> for StatusName {
    type Error = UnknownStatus;

    fn try_from(name: String) -> Result<Self, UnknownStatus> {
        name.parse().map(Self)
    }
}
