//! Which parts of an upstream file are prose, and the removal of them.
//!
//! `models/` holds facts: shapes, members, constraints, errors, rules. Prose is
//! told apart by its place, never by its key alone, because a shape or a
//! member may itself be called `documentation`.

use crate::json::Json;

/// The kinds of file taken from upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Metadata, operations and shapes.
    Service,
    /// Paginators.
    Paginators,
    /// Waiters.
    Waiters,
    /// The endpoint rule set.
    EndpointRuleSet,
    /// The partitions and their regions.
    Partitions,
    /// All that there is of a service, in Smithy's JSON AST.
    Smithy,
}

impl Kind {
    /// The kinds that belong to a service, the indispensable one first.
    pub const OF_A_SERVICE: [Self; 4] = [Self::Service, Self::Paginators, Self::Waiters, Self::EndpointRuleSet];

    /// The file's name, without the `.gz` that it may have upstream.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Service => "service-2.json",
            Self::Paginators => "paginators-1.json",
            Self::Waiters => "waiters-2.json",
            Self::EndpointRuleSet => "endpoint-rule-set-1.json",
            Self::Partitions => "partitions.json",
            Self::Smithy => "model.json",
        }
    }

    /// The objects that a file of this kind cannot be without.
    pub const fn required_objects(self) -> &'static [&'static str] {
        match self {
            Self::Service => &["metadata", "operations", "shapes"],
            Self::Paginators => &["pagination"],
            Self::Waiters => &["waiters"],
            Self::EndpointRuleSet => &["parameters"],
            Self::Partitions => &[],
            Self::Smithy => &["shapes"],
        }
    }

    const fn prose(self) -> &'static Prose {
        match self {
            Self::Service => &SERVICE,
            Self::Paginators => &NONE,
            Self::Waiters => &WAITERS,
            Self::EndpointRuleSet => &RULE_SET,
            Self::Partitions => &PARTITIONS,
            Self::Smithy => &SMITHY,
        }
    }
}

/// Removes the prose of a file of `kind`.
pub fn leave_out_prose(kind: Kind, file: &mut Json) {
    remove(kind.prose(), file);
}

/// Where prose stands in one kind of JSON value.
struct Prose {
    /// Keys of this object that hold prose.
    keys: &'static [&'static str],
    /// Keys of this object whose values hold prose further down.
    below: &'static [(&'static str, &'static Prose)],
    /// What every value of this list, or of this object of freely chosen
    /// keys, holds.
    each: Option<&'static Prose>,
}

static NONE: Prose = Prose { keys: &[], below: &[], each: None };

const fn each(item: &'static Prose) -> Prose {
    Prose { keys: &[], below: &[], each: Some(item) }
}

/// An object documented by itself, such as a member reference.
static DOCUMENTED: Prose = Prose { keys: &["documentation"], below: &[], each: None };
static ALL_DOCUMENTED: Prose = each(&DOCUMENTED);

static SERVICE: Prose = Prose {
    keys: &["documentation", "examples"],
    below: &[("operations", &each(&OPERATION)), ("shapes", &each(&SHAPE)), ("clientContextParams", &ALL_DOCUMENTED)],
    each: None,
};
static OPERATION: Prose = Prose {
    keys: &["documentation"],
    below: &[("input", &DOCUMENTED), ("output", &DOCUMENTED), ("errors", &ALL_DOCUMENTED)],
    each: None,
};
static SHAPE: Prose = Prose {
    keys: &["documentation"],
    below: &[("members", &ALL_DOCUMENTED), ("member", &DOCUMENTED), ("key", &DOCUMENTED), ("value", &DOCUMENTED)],
    each: None,
};

static WAITERS: Prose = Prose { keys: &[], below: &[("waiters", &each(&WAITER))], each: None };
static WAITER: Prose = Prose { keys: &["description"], below: &[], each: None };

static RULE_SET: Prose = Prose { keys: &[], below: &[("parameters", &ALL_DOCUMENTED), ("rules", &RULES)], each: None };
static RULES: Prose = each(&RULE);
static RULE: Prose = Prose { keys: &["documentation"], below: &[("rules", &RULES)], each: None };

/// What Smithy's own validation is told has reasons in it.
static SMITHY: Prose = Prose { keys: &["metadata"], below: &[("shapes", &each(&SMITHY_SHAPE))], each: None };
static SMITHY_SHAPE: Prose = Prose {
    keys: &[],
    below: &[
        ("traits", &TRAITS),
        ("members", &each(&SMITHY_MEMBER)),
        ("member", &SMITHY_MEMBER),
        ("key", &SMITHY_MEMBER),
        ("value", &SMITHY_MEMBER),
    ],
    each: None,
};
static SMITHY_MEMBER: Prose = Prose { keys: &[], below: &[("traits", &TRAITS)], each: None };
static TRAITS: Prose = Prose {
    keys: &["smithy.api#documentation", "smithy.api#externalDocumentation", "smithy.api#examples"],
    below: &[
        ("smithy.api#enum", &ALL_DOCUMENTED),
        ("smithy.waiters#waitable", &ALL_DOCUMENTED),
        ("smithy.rules#clientContextParams", &ALL_DOCUMENTED),
        ("smithy.rules#endpointRuleSet", &RULE_SET),
        ("smithy.rules#endpointTests", &ENDPOINT_TESTS),
    ],
    each: None,
};
static ENDPOINT_TESTS: Prose = Prose { keys: &[], below: &[("testCases", &ALL_DOCUMENTED)], each: None };

static PARTITIONS: Prose = Prose { keys: &[], below: &[("partitions", &each(&PARTITION))], each: None };
static PARTITION: Prose = Prose { keys: &[], below: &[("regions", &each(&REGION))], each: None };
static REGION: Prose = Prose { keys: &["description"], below: &[], each: None };

fn remove(prose: &Prose, value: &mut Json) {
    match value {
        Json::Scalar(_) => {}
        Json::Array(items) => {
            if let Some(each) = prose.each {
                items.iter_mut().for_each(|item| remove(each, item));
            }
        }
        Json::Object(entries) => {
            entries.retain(|(key, _)| !prose.keys.contains(&key.as_str()));
            for (key, value) in entries {
                let below = prose.below.iter().find(|(name, _)| name == key).map(|(_, prose)| *prose);
                if let Some(below) = below.or(prose.each) {
                    remove(below, value);
                }
            }
        }
    }
}
