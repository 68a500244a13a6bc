//! The icon of each kind of state: white lines on a tile of 34 by 34 whose colour is the kind's.

use crate::definition::Kind;

pub(super) fn of(kind: &Kind) -> String {
    format!(
        "<rect class=\"tile\" width=\"34\" height=\"34\" rx=\"8\"/><path class=\"icon\" d=\"{}\"/>",
        lines(kind)
    )
}

const fn lines(kind: &Kind) -> &'static str {
    match kind {
        // A lightning bolt: work is done.
        Kind::Task(_) => "M18.5 8 L11 18.5 H16.5 L15.5 26 L23 15.5 H17.5 Z",
        // A way that forks.
        Kind::Choice(_) => {
            "M17 26 V19 M17 19 L10.5 12 M17 19 L23.5 12 M10.5 16 V11.5 H15 M23.5 16 V11.5 H19"
        }
        // Three lanes between two bars.
        Kind::Parallel(_) => "M9 9.5 H25 M9 24.5 H25 M11.5 13 V21 M17 13 V21 M22.5 13 V21",
        // Sheets on a pile.
        Kind::Map(_) => {
            "M17 8.5 L25.5 13 L17 17.5 L8.5 13 Z M8.5 17 L17 21.5 L25.5 17 M8.5 21 L17 25.5 L25.5 21"
        }
        // A clock.
        Kind::Wait(_) => "M17 9 A8 8 0 1 1 16.99 9 Z M17 12.5 V17 L20.2 19",
        // An arrow through.
        Kind::Pass => "M9 17 H24 M18.5 11.5 L24 17 L18.5 22.5",
        // A tick.
        Kind::Succeed => "M9.5 17.5 L14.5 22.5 L24.5 12",
        // A cross.
        Kind::Fail(_) => "M11 11 L23 23 M23 11 L11 23",
    }
}
