//! The words for values of which there are a few: the same where a model is read and where a difference is told.

use super::rules::ParameterType;
use super::{AcceptorState, Comparator, Fault, Retry, TimestampFormat};

macro_rules! words {
    ($($name:ident { $($variant:ident = $word:literal),* })*) => {
        $(impl $name {
            /// All of them, by their words.
            pub const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant)),*];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }
        })*
    };
}

words! {
    AcceptorState { Success = "success", Failure = "failure", Retry = "retry" }
    Comparator { Equals = "equals", All = "all", Any = "any" }
    Fault { Client = "client", Server = "server" }
    ParameterType { String = "string", Boolean = "boolean", StringArray = "stringArray" }
    Retry { Transient = "transient", Throttling = "throttling", Never = "never" }
    TimestampFormat { EpochSeconds = "epoch-seconds", DateTime = "date-time", HttpDate = "http-date" }
}
