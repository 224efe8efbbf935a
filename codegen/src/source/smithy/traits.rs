//! Traits, as far as several kinds of shapes have them.

use crate::graph::{Deprecated, Limits, TimestampFormat, XmlNamespace};
use crate::source::node::{At, Ignored, Object};

/// Traits that are left unread, on whatever they stand.
const IGNORED: &[Ignored] = &[
    Ignored { keys: &["smithy.api#output"], reason: "an operation's output is known by the operation" },
    Ignored { keys: &["smithy.api#box"], reason: "every member may be absent, unless it is required or has a default" },
    Ignored { keys: &["smithy.api#default"], reason: "on a shape: members that have it say so again" },
    Ignored {
        keys: &["smithy.api#cors", "smithy.api#requiresLength"],
        reason: "for browsers, and for streams: bodies are sent whole, and have a length",
    },
    Ignored {
        keys: &["aws.auth#unsignedPayload"],
        reason: "a body may be left out of the signature; it is signed too",
    },
    Ignored {
        keys: &["smithy.api#eventPayload", "smithy.api#eventHeader"],
        reason: "streams of events are not generated",
    },
    Ignored {
        keys: &["smithy.api#optionalAuth"],
        reason: "on a service: requests are signed, or not where the operation says so",
    },
    Ignored {
        keys: &[
            "smithy.api#httpBasicAuth",
            "smithy.api#httpBearerAuth",
            "smithy.api#httpDigestAuth",
            "smithy.api#httpApiKeyAuth",
            "aws.auth#sigv4a",
            "aws.auth#cognitoUserPools",
        ],
        reason: "other ways to authenticate than SigV4",
    },
    Ignored {
        keys: &[
            "smithy.api#references",
            "smithy.api#resourceIdentifier",
            "smithy.api#property",
            "smithy.api#notProperty",
            "smithy.api#nestedProperties",
            "smithy.api#noReplace",
        ],
        reason: "how members belong to resources",
    },
    Ignored {
        keys: &[
            "smithy.api#examples",
            "smithy.api#externalDocumentation",
            "smithy.api#recommended",
            "smithy.api#since",
            "smithy.api#tags",
            "smithy.api#title",
            "smithy.api#unstable",
            "smithy.api#internal",
            "smithy.api#private",
        ],
        reason: "documentation",
    },
    Ignored {
        keys: &["smithy.api#suppress", "smithy.api#idRef", "smithy.api#trait", "smithy.api#unitType"],
        reason: "for Smithy's own validation",
    },
    Ignored {
        keys: &["smithy.rules#clientContextParams"],
        reason: "the rule set declares the same parameters; a client has no further settings for them",
    },
    Ignored {
        keys: &["smithy.rules#endpointTests", "smithy.rules#endpointBdd", "smithy.test#", "aws.test#"],
        reason: "tests, and the rule set once more as a decision diagram",
    },
    Ignored {
        keys: &["aws.api#clientEndpointDiscovery", "aws.api#clientEndpointDiscoveryId"],
        reason: "how endpoints are discovered; an operation that needs it gets a warning",
    },
    Ignored {
        keys: &[
            "aws.api#arn",
            "aws.api#arnReference",
            "aws.api#data",
            "aws.api#controlPlane",
            "aws.api#dataPlane",
            "aws.api#tagEnabled",
            "aws.api#taggable",
            "aws.api#tagOn",
            "aws.iam#",
            "aws.cloudformation#",
            "aws.apigateway#",
            "aws.customizations#",
            "aws.endpoints#",
            "smithy.openapi#",
        ],
        reason: "for other tools than clients",
    },
];

/// The traits of a shape or member; there may be none.
#[derive(Debug)]
pub(super) struct Traits<'p, 'n>(Option<Object<'p, 'n>>);

impl<'p, 'n> Traits<'p, 'n> {
    /// The traits in `at`, the value of key `traits`.
    pub(super) fn new(at: Option<&'p At<'p, 'n>>) -> Self {
        Self(at.and_then(|at| at.object()))
    }

    pub(super) fn get(&self, id: &'static str) -> Option<At<'_, 'n>> {
        self.0.as_ref()?.get(id)
    }

    /// Whether a trait without a value is there.
    pub(super) fn has(&self, id: &'static str) -> bool {
        self.get(id).is_some()
    }

    pub(super) fn text(&self, id: &'static str) -> Option<String> {
        self.get(id)?.string().map(str::to_owned)
    }

    pub(super) fn documentation(&self) -> Option<String> {
        self.text("smithy.api#documentation")
    }

    pub(super) fn deprecated(&self) -> Option<Deprecated> {
        let at = self.get("smithy.api#deprecated")?;
        let object = at.object()?;
        let deprecated = Deprecated { message: object.text("message"), since: object.text("since") };
        object.finish("trait deprecated", &[]);
        Some(deprecated)
    }

    pub(super) fn xml_namespace(&self) -> Option<XmlNamespace> {
        let at = self.get("smithy.api#xmlNamespace")?;
        let object = at.object()?;
        let (prefix, uri) = (object.text("prefix"), object.require("uri"));
        object.finish("trait xmlNamespace", &[]);
        Some(XmlNamespace { prefix, uri: uri?.string()?.to_owned() })
    }

    pub(super) fn timestamp_format(&self) -> Option<TimestampFormat> {
        self.get("smithy.api#timestampFormat")?.one_of("timestamp format", TimestampFormat::WORDS)
    }

    /// Traits `length` and `range`, of which a shape has one at most: they stand on shapes of other kinds.
    pub(super) fn limits(&self) -> Option<Limits> {
        let at = self.get("smithy.api#length");
        let at = at.or_else(|| self.get("smithy.api#range"))?;
        let object = at.object()?;
        let number = |key| object.get(key).and_then(|at: At<'_, '_>| at.number_text());
        let limits = Limits { min: number("min"), max: number("max") };
        object.finish("trait length or range", &[]);
        Some(limits)
    }

    pub(super) fn pattern(&self) -> Option<String> {
        self.text("smithy.api#pattern")
    }

    /// Warns of every trait that is neither read nor ignored on purpose.
    pub(super) fn finish(&self, of: &str) {
        if let Some(object) = &self.0 {
            object.finish(&format!("the traits of {of}"), IGNORED);
        }
    }
}
