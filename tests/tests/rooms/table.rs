//! Which module may import which: the rooms of ARCHITECTURE.md. Lists are words in a text.

/// Modules that know the same.
pub struct Room {
    pub name: &'static str,
    /// Paths of modules; each has the modules inside of it, but for those that another room names.
    pub modules: &'static str,
    /// Rooms whose items it may use.
    pub imports: &'static str,
}

/// What only some rooms may use.
pub struct Restricted {
    /// The beginning of a path, such as `std::fs`.
    pub path: &'static str,
    pub rooms: &'static str,
    pub reason: &'static str,
}

/// A circle of modules that is meant.
pub struct Circle {
    pub modules: &'static str,
    pub reason: &'static str,
}

/// Enums whose kinds every match names, and macros that are patterns of several kinds.
pub struct Kinds {
    pub enums: &'static str,
    pub patterns: &'static str,
    /// Functions that match pairs, of which most do not occur or are one case.
    pub pairs: &'static str,
}

/// The rooms of a package.
pub struct House {
    pub package: &'static str,
    pub rooms: &'static [Room],
    pub restricted: &'static [Restricted],
    pub circles: &'static [Circle],
    pub kinds: Kinds,
    /// Names that several types have.
    pub twice: &'static str,
}

const fn room(name: &'static str, modules: &'static str, imports: &'static str) -> Room {
    Room { name, modules, imports }
}

const fn only(rooms: &'static str, path: &'static str, reason: &'static str) -> Restricted {
    Restricted { path, rooms, reason }
}

pub const HOUSES: [House; 3] = [CODEGEN, RUNTIME, XTASK];

const CODEGEN: House = House {
    package: "codegen",
    rooms: &[
        room("diagnostic", "diagnostic", "markup"),
        room("markup", "markup", ""),
        room("output", "output", ""),
        room("graph", "graph", "diagnostic graph/values markup"),
        room("graph/values", "graph/values", ""),
        room("prose", "prose", "graph"),
        room("overlay", "overlay", "diagnostic graph graph/values"),
        room("sentences", "sentences", "diagnostic graph"),
        room(
            "source",
            "source",
            "diagnostic graph graph/values markup source/botocore source/smithy source/overlay source/sentences",
        ),
        room("source/botocore", "source/botocore", "diagnostic graph graph/values source"),
        room("source/smithy", "source/smithy", "diagnostic graph graph/values markup source"),
        room("source/overlay", "source/overlay", "graph graph/values overlay source"),
        room("source/sentences", "source/sentences", "graph sentences source"),
        room("plan", "plan", "diagnostic graph graph/values markup plan/names prose"),
        room("plan/names", "plan/names", ""),
        room("examples", "examples", "markup output plan"),
        room("emit", "emit", "examples graph/values markup output plan plan/names"),
        room("model", "model", "diagnostic graph plan source"),
        room("describe", "describe", "diagnostic examples graph graph/values model output plan plan/names prose"),
        room("diff", "diff", "describe diagnostic graph graph/values markup plan"),
        room("severities", "severities", "diagnostic diff source"),
        room("service_list", "service_list", "diagnostic markup source"),
        room("generate", "generate", "diagnostic emit graph model plan"),
    ],
    restricted: &[
        only("", "std::env", "the library reads no environment"),
        only("", "std::fs", "the library touches no disk"),
        only("", "std::io", "the library prints nothing"),
        only("", "std::net", "the library knows no network"),
        only("", "std::process", "the library starts and ends nothing"),
        only("", "std::time", "what is generated depends on models only"),
        only("diff output", "std::thread", "formatting and comparing are what takes time"),
        only("plan/names", "heck", "one place makes Rust names"),
        only("source", "toml", "one place reads TOML"),
        only("describe emit examples", "quote", "only what writes Rust has tokens"),
        only("describe emit examples output", "proc_macro2", "only what writes Rust has tokens"),
    ],
    circles: &[],
    kinds: Kinds {
        enums: "Protocol RuleType ShapeKind Type TypeKind",
        patterns: "number primitive scalar simple",
        pairs: "examples::argument diff::facts::kind diff::rules::judge::shapes::targets",
    },
    // Endpoint rules as they were read, and as they were checked.
    twice: "Condition Endpoint Property",
};

const RUNTIME: House = House {
    package: "runtime",
    rooms: &[
        room("text", "one_line decimal", ""),
        room(
            "codec",
            "bindings blob checksum constraints decode_error deserialize document encode_error enums json json_value moments names opaque path reader redacted serialize \
             structure timestamp tree value violation writer",
            "text",
        ),
        room(
            "protocol",
            "__private batch description endpoint error error_body generated markup operation paginator parts protocol respond response \
             sealed service_error shown validate waiter",
            // An error of a call says which part of the client failed, where there is a client.
            "client/error codec text",
        ),
        // As an error of a call, one of a call by name says which part of the client failed.
        room("dynamic", "dynamic", "client/error codec protocol text"),
        room(
            "client/ground",
            "client client/clock client/endpoint_url client/random client/region client/text client/transport client/warning",
            "codec protocol text",
        ),
        room("client/retry", "client/retry", "client/ground protocol"),
        room("client/environment", "client/environment", "client/ground client/retry text"),
        room(
            "client/identity",
            "client/bearer client/credentials client/signing",
            "client/config client/environment client/ground text",
        ),
        room(
            "client/sources",
            "client/credentials/sources client/from_env",
            "client/config client/environment client/error client/ground client/identity client/network codec identity text",
        ),
        // What is wrong with an input is a part of the error.
        room("client/error", "client/error", "client/ground client/identity codec protocol text"),
        room("client/network", "client/network", "client/ground text"),
        room(
            "client/http",
            "client/blocking_http client/http_transport",
            "client/ground client/identity client/network",
        ),
        room("client/agent", "client/user_agent", "client/retry protocol"),
        room(
            "client/hooks",
            "client/interceptor client/metrics",
            "client/error client/ground client/identity codec protocol text",
        ),
        room(
            "client/config",
            "client/config client/sdk_config client/shared",
            "client/agent client/environment client/error client/ground client/hooks client/http client/identity client/network client/retry protocol text",
        ),
        room(
            "client/call",
            // Requests tell recorders what they call.
            "client/batch client/call client/drive client/dynamic_call client/invocation client/mode client/observe client/overrides client/pages client/service client/trace client/typed client/wait",
            "client/config client/error client/ground client/hooks client/identity client/retry codec dynamic protocol text",
        ),
        // Generated: what it uses is not looked at.
        room("identity", "identity", ""),
        room("client/mock", "client/mock", "codec client/config client/ground client/identity client/retry protocol"),
        room(
            "client/cassette",
            "client/cassette",
            "client/call client/config client/ground client/identity client/retry codec dynamic protocol text",
        ),
    ],
    restricted: &[
        // What the program was compiled for is there too.
        only("client/agent client/environment client/network", "std::env", "settings are read in one place"),
        only("client/cassette client/environment client/network client/sources", "std::fs", "a codec touches no disk"),
        only("client/sources", "std::process", "only credentials come from commands"),
        only("client/ground client/identity client/network client/sources", "std::thread", "a codec has no threads"),
        only("codec", "fancy_regex", "one place knows patterns"),
        only("codec", "minicbor", "one place knows CBOR"),
        only("codec", "quick_xml", "one place knows XML"),
        only("codec", "serde_core", "one place knows serde"),
        only("codec", "serde_json", "one place knows the values of others"),
        only("codec", "chrono", "one place knows the times of others"),
        only("codec", "time", "one place knows the times of others"),
        only("codec", "md5", "checksums are added in one place"),
        only("codec", "crc32fast", "checksums are added in one place"),
        only("client/http", "hyper", "one place for each HTTP library"),
        only(
            "client/ground client/http client/identity",
            "tokio",
            "calls need no async runtime; within one they use its timer",
        ),
        only("client/http", "tokio_rustls", "calls need no async runtime"),
        only("client/http", "ureq", "one place for each HTTP library"),
        only("client/http client/network", "rustls", "TLS is the network's"),
        only("client/identity client/sources", "sha2", "cryptography is for signing, and for the names of files"),
        only("client/identity", "hmac", "cryptography is for signing"),
        only("client/network client/sources", "ring", "cryptography is for signing; TLS names it, within rustls"),
        only(
            "client/call client/ground",
            "tracing",
            "one place tells of calls, and one of what goes wrong beside them",
        ),
        only("client/hooks", "metrics", "one place measures"),
    ],
    circles: &[
        Circle {
            modules: "reader value writer writer/cbor writer/check writer/collected writer/debug writer/elements writer/form writer/json writer/look writer/output \
                      writer/redacted writer/text writer/xml",
            reason: "a value is read and written by the codecs, which read and write the values inside",
        },
        Circle {
            modules: "client/config client/credentials/cache client/credentials/context",
            reason: "a configuration keeps credentials, whose source is asked with that configuration",
        },
        Circle {
            modules: "reader/message reader/named reader/structure reader/union",
            reason: "the outermost structure of a message begins with what is beside its body, and members may go by other names",
        },
        Circle {
            modules: "writer/containers writer/head",
            reason: "the outermost structure of a message fills what is beside its body",
        },
        Circle {
            modules: "reader/cbor reader/input reader/json reader/text reader/tree",
            reason: "the input is an enum over its notations",
        },
    ],
    kinds: Kinds { enums: "Body Codec Kind Notation Place Protocol", patterns: "", pairs: "" },
    // What is in the box of an error; a key, and that there is none.
    twice: "Inner ProofKey",
};

/// Commands are built of tools.
const XTASK: House = House {
    package: "xtask",
    rooms: &[
        room(
            "tools",
            "digest discover failure inside lock ownership paths pip process python report sdist service_list shared_words skeletons smithy stderr stdout upstream wheel writer",
            "",
        ),
        room(
            "commands",
            "bless browser changelog codegen conformance describe docs e2e expressions fixtures import measure update",
            "tools",
        ),
    ],
    restricted: &[
        only("tools", "zip", "one place opens archives"),
        only("tools", "annotate_snippets", "one place shows diagnostics"),
        only("tools", "sha2", "one place makes digests"),
    ],
    circles: &[],
    kinds: Kinds { enums: "Protocol", patterns: "", pairs: "" },
    // One for each command, named by its module.
    twice: "Args",
};
