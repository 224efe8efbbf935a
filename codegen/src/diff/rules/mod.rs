//! What facts mean to users of the crate: rules with stable ids, the severity of what each tells in
//! three dimensions, and the version to release.
//!
//! What something means on the wire and for behaviour, its rule says. What it means for source, nobody says:
//! code notices the [differences](super::source) of two surfaces, and each is told of the finding that explains it.

mod explain;
mod judge;
mod places;
mod reach;
mod subject;

use crate::graph::Service;
use std::collections::BTreeMap;
use std::fmt;

/// How much a change means in one dimension.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// Something is new or different, and what there was still works.
    Change,
    /// What there was no longer works, or does something else.
    Break,
}

impl Effect {
    /// The name in texts, JSON and the file of severities.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Change => "change",
            Self::Break => "break",
        }
    }

    /// The effect of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::None, Self::Change, Self::Break].into_iter().find(|effect| effect.name() == name)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a change means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Effects {
    /// For clients built from the old model: a break is a request that is now
    /// refused, or a response that they misread.
    pub wire: Effect,
    /// For Rust code that uses the crate: a break no longer compiles.
    pub source: Effect,
    /// For programs built from the new crate: they retry, redact, paginate, wait or
    /// encode differently.
    pub behaviour: Effect,
}

impl Effects {
    /// The worst of both in each dimension.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            wire: self.wire.max(other.wire),
            source: self.source.max(other.source),
            behaviour: self.behaviour.max(other.behaviour),
        }
    }

    /// Whether old clients, or code that uses the crate, break.
    pub fn is_breaking(self) -> bool {
        [self.wire, self.source, self.behaviour].contains(&Effect::Break)
    }

    /// One word for it all: the label of a pull request.
    pub fn label(self) -> &'static str {
        match (self.wire.max(self.source).max(self.behaviour), self.behaviour) {
            (Effect::Break, _) => "breaking",
            (Effect::Change, Effect::Change) => "behaviour",
            (Effect::Change, Effect::None | Effect::Break) => "additive",
            (Effect::None, _) => "internal",
        }
    }

    /// The version that a release with such a change needs; that of the worst in each dimension is the highest.
    pub fn bump(self) -> Bump {
        match (self.source.max(self.behaviour), self.wire) {
            (Effect::Break, _) => Bump::Major,
            (Effect::Change, _) => Bump::Minor,
            (Effect::None, Effect::None) => Bump::None,
            (Effect::None, _) => Bump::Patch,
        }
    }
}

/// Which differences of the source ([`Difference`](super::Difference)s) a rule gives the reason of: what they
/// mean is what it means for source. Everything else of a rule's severity it has by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Explains {
    /// None: code never notices.
    Nothing,
    /// What is new, gone, called otherwise, or of another type.
    Code,
    /// What is deprecated, or no longer.
    Deprecation,
    /// What has a name that was for something else.
    Names,
}

/// The part of the version that a release changes, in the words of
/// [Semantic Versioning](https://semver.org).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// The crate is the same but for docs: nothing needs to be released.
    #[default]
    None,
    /// Users notice at most that the service became stricter.
    Patch,
    /// Something is new, or works differently in a way that nobody has to react to.
    Minor,
    /// Code no longer compiles, or does what it should not.
    Major,
}

impl Bump {
    /// The name in texts and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The next version after `version`, as cargo understands it: before 1.0 the
    /// second number is for what breaks and the third for all else.
    /// None where `version` is not three numbers.
    pub fn next(self, version: &str) -> Option<String> {
        let mut parts = version.split('.').map(|part| part.parse::<u64>().ok());
        let (major, minor, patch) = (parts.next()??, parts.next()??, parts.next()??);
        let next = match (self, major) {
            (Self::None, _) => (major, minor, patch),
            (Self::Patch, _) | (Self::Minor, 0) => (major, minor, patch + 1),
            (Self::Minor, _) | (Self::Major, 0) => (major, minor + 1, 0),
            (Self::Major, _) => (major + 1, 0, 0),
        };
        parts.next().is_none().then(|| format!("{}.{}.{}", next.0, next.1, next.2))
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

macro_rules! rules {
    ($($rule:ident $id:literal ($wire:ident, $explains:ident, $behaviour:ident) $title:literal;)*) => {
        /// A rule: what kind of change it is that a finding tells.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "titles say it")]
        pub enum Rule {
            $($rule,)*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The stable name.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$rule => $id,)*
                }
            }

            /// What it tells, in a few words.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$rule => $title,)*
                }
            }

            /// What it means on the wire.
            pub const fn wire(self) -> Effect {
                match self {
                    $(Self::$rule => Effect::$wire,)*
                }
            }

            /// Which differences of the source it gives the reason of.
            pub const fn explains(self) -> Explains {
                match self {
                    $(Self::$rule => Explains::$explains,)*
                }
            }

            /// What it means for how programs behave.
            pub const fn behaviour(self) -> Effect {
                match self {
                    $(Self::$rule => Effect::$behaviour,)*
                }
            }
        }
    };
}

// wire, what it explains of source, behaviour
rules! {
    OperationAdded "operation-added" (Change, Code, None) "a new operation";
    OperationRemoved "operation-removed" (Break, Code, None) "an operation is gone";
    OperationInputAdded "operation-input-added" (Change, Nothing, None) "an operation without an input got one";
    OperationInputRemoved "operation-input-removed" (Change, Nothing, None) "an operation lost its input";
    OperationOutputAdded "operation-output-added" (Change, Nothing, None) "an operation without an output got one";
    OperationOutputRemoved "operation-output-removed" (Change, Nothing, None) "an operation lost its output";
    OperationShapeChanged "operation-shape-changed" (None, Nothing, None) "another shape as input or output";
    OperationErrorAdded "operation-error-added" (Change, Nothing, None) "an operation may fail with one more error";
    OperationErrorRemoved "operation-error-removed" (Change, Nothing, None) "an operation no longer declares an error";
    OperationErrorsReordered "operation-errors-reordered" (None, Nothing, None) "errors in another order";
    OperationLeftOut "left-out-operation-changed" (None, Nothing, None) "an operation changed that the crate leaves out";
    OperationIdempotencyChanged "operation-idempotency-changed" (None, Nothing, Change) "another say on whether to try again";
    OperationAuthChanged "operation-auth-changed" (Break, Nothing, Change) "requests are signed, or no longer signed";
    OperationHttpChanged "operation-http-changed" (Break, Nothing, None) "requests have another method or path, or success another status";
    OperationChecksumChanged "operation-checksum-changed" (Break, Nothing, None) "requests must have a checksum, another one, or none any more";
    RootElementChanged "root-element-changed" (Break, Nothing, None) "the outermost element of a request has another name or namespace";
    OperationHostPrefixChanged "operation-host-prefix-changed" (Break, Nothing, Change) "requests go to another host";
    OperationEndpointChanged "operation-endpoint-changed" (None, Nothing, Change) "other endpoint parameters";
    ErrorAdded "error-added" (Change, Code, None) "a new error of the service";
    ErrorRemoved "error-removed" (None, Code, None) "no operation has this error any longer";
    ErrorCodeChanged "error-code-changed" (Break, Nothing, Change) "an error has another code on the wire";
    ErrorStatusChanged "error-status-changed" (Change, Nothing, None) "an error has another status or fault";
    ErrorRetryChanged "error-retry-changed" (None, Nothing, Change) "an error means something else for another try";
    TypeAdded "type-added" (None, Code, None) "a new type";
    TypeRemoved "type-removed" (None, Code, None) "a type is gone";
    TypeRenamed "type-renamed" (None, Code, None) "a type has another name, and is the same on the wire";
    TypeChanged "type-changed" (Break, Code, None) "another type";
    TypeChangedToEnum "type-changed-to-enum" (None, Code, None) "a string became an enum";
    TypeChangedFromEnum "type-changed-from-enum" (None, Code, None) "an enum became a string";
    ShapeAdded "shape-added" (None, Nothing, None) "a new shape that is no type of its own";
    ShapeRemoved "shape-removed" (None, Nothing, None) "a shape that was no type of its own is gone";
    ShapeRenamed "shape-renamed" (None, Nothing, None) "a shape that is no type of its own has another name";
    ShapeUnused "unused-shape-changed" (None, Nothing, None) "a shape changed that no generated operation reaches";
    SparseChanged "sparse-changed" (Change, Code, None) "null elements mean something, or no longer";
    MemberAddedInput "member-added-input" (Change, Code, None) "a new optional member of a request";
    MemberAddedOutput "member-added-output" (Change, Code, None) "a new optional member of a response";
    MemberAddedRequiredInput "member-added-required-input" (Break, Code, None) "a new required member of a request";
    MemberAddedRequiredOutput "member-added-required-output" (Change, Code, None) "a new required member of a response: an argument of `new`";
    MemberRemovedInput "member-removed-input" (Break, Code, None) "a member of a request is gone";
    MemberRemovedOutput "member-removed-output" (Change, Code, None) "a member of a response is gone";
    MemberNowRequiredInput "member-now-required-input" (Break, Code, None) "a member of a request became required";
    MemberNowRequiredOutput "member-now-required-output" (Change, Code, None) "a member of a response became required: no `Option`";
    MemberNowOptionalInput "member-now-optional-input" (Change, Code, None) "a member of a request is no longer required";
    MemberNowOptionalOutput "member-now-optional-output" (Change, Code, None) "a member of a response may be absent: an `Option`";
    TokenRequirementChanged "token-requirement-changed" (None, Nothing, None) "required or not, the token is filled in";
    MemberTargetChanged "member-target-changed" (None, Nothing, None) "another shape of the same type";
    MemberWireNameChanged "member-wire-name-changed" (Break, Nothing, None) "another name on the wire";
    MemberPlaceChanged "member-place-changed" (Break, Nothing, None) "a member travels elsewhere in the message";
    ElementsChanged "elements-changed" (Break, Nothing, None) "other elements, attributes or namespaces in XML";
    MediaTypeChanged "media-type-changed" (Change, Nothing, None) "text or bytes are of another media type";
    MemberTokenChanged "member-idempotency-token-changed" (None, Nothing, Change) "a token is filled in, or no longer";
    MemberTokenRequiredChanged "required-idempotency-token-changed" (None, Code, Change) "a required member is a token that is filled in, or no longer: an `Option` or an argument";
    MemberHostLabelChanged "member-host-label-changed" (None, Nothing, Change) "a member is part of the host, or no longer";
    MemberContextParamChanged "member-endpoint-parameter-changed" (None, Nothing, Change) "a member is an endpoint parameter, or no longer";
    MemberDefaultAdded "member-default-added" (None, Code, Change) "a member has a default: it is never absent, and no `Option` or no argument";
    MemberDefaultRemoved "member-default-removed" (None, Code, Change) "a member has no default any more: it is an `Option` or an argument";
    MemberDefaultChanged "member-default-changed" (None, Nothing, Change) "another value stands in for an absent member, in requests and for readers";
    MembersReordered "members-reordered" (None, Nothing, None) "members in another order";
    RequiredMembersReordered "required-members-reordered" (None, Code, Break) "arguments of `new` in another order";
    UnionMemberAdded "union-member-added" (Change, Code, None) "a union has one more member";
    UnionMemberRemoved "union-member-removed" (Break, Code, None) "a member of a union is gone";
    TimestampFormatChanged "timestamp-format-changed" (Break, Nothing, None) "times are written differently";
    EnumValueAdded "enum-value-added" (Change, Code, None) "a new enum value";
    EnumValueUnknownAdded "enum-value-unknown-added" (Change, Code, None) "a value named like the catch-all, which gets another name";
    EnumValueRemovedInput "enum-value-removed-input" (Break, Code, None) "an enum value of requests is gone";
    EnumValueRemovedOutput "enum-value-removed-output" (Change, Code, None) "an enum value of responses is gone";
    EnumValueRenamed "enum-value-renamed" (None, Code, None) "an enum value has another name, and is the same on the wire";
    EnumValuesReordered "enum-values-reordered" (None, Nothing, None) "enum values in another order";
    ConstraintTightened "constraint-tightened" (Break, Nothing, None) "less is allowed in requests";
    ConstraintRelaxed "constraint-relaxed" (Change, Nothing, None) "more is allowed in requests";
    ConstraintChangedOutput "constraint-changed-output" (None, Nothing, None) "other limits in responses";
    PatternChanged "pattern-changed" (Change, Nothing, None) "another pattern for requests";
    SensitiveAdded "sensitive-added" (None, Nothing, Change) "no longer shown in logs";
    SensitiveRemoved "sensitive-removed" (None, Nothing, Break) "shown in logs from now on";
    StreamingAdded "streaming-added" (Break, Code, None) "streamed from now on: its operations are left out";
    StreamingRemoved "streaming-removed" (Break, Code, None) "no longer streamed: its operations are generated";
    OperationAuthUnknown "operation-auth-unknown" (Break, Code, None) "authenticated from now on in ways only that clients do not know: left out";
    OperationAuthKnown "operation-auth-known" (Break, Code, None) "authenticated from now on in a way that clients know: generated";
    DeprecatedAdded "deprecated" (None, Deprecation, None) "deprecated: a warning where it is used";
    DeprecatedRemoved "undeprecated" (None, Deprecation, None) "no longer deprecated";
    PaginatorAdded "paginator-added" (None, Code, None) "an operation is paginated";
    PaginatorRemoved "paginator-removed" (None, Code, None) "an operation is no longer paginated";
    PaginatorInferred "paginator-inferred" (None, Nothing, None) "a paginator of the model instead of the same inferred one, or the reverse";
    PaginatorItemsAdded "paginator-items-added" (None, Code, None) "pages have items, and had none that the model tells";
    PaginatorItemsChanged "paginator-items-changed" (None, Code, Change) "pages have other items or tokens, or no items";
    PaginatorChanged "paginator-changed" (None, Nothing, Change) "pages are fetched differently";
    BatchAdded "batch-added" (None, Code, None) "a list can be split into several calls";
    BatchRemoved "batch-removed" (None, Code, None) "a list can no longer be split into several calls";
    BatchInferred "batch-inferred" (None, Nothing, None) "the overlay says of batches what followed from the model, or the reverse";
    BatchChanged "batch-changed" (None, Code, Change) "lists are split into calls of another size, or failures are found elsewhere";
    WaiterAdded "waiter-added" (None, Code, None) "a new waiter";
    WaiterRemoved "waiter-removed" (None, Code, None) "a waiter is gone";
    WaiterChanged "waiter-changed" (None, Nothing, Change) "a waiter waits differently";
    WaiterOperationChanged "waiter-operation-changed" (None, Code, Change) "a waiter calls another operation";
    EndpointRulesAdded "endpoint-rules-added" (None, Code, Change) "the service has endpoint rules";
    EndpointRulesRemoved "endpoint-rules-removed" (None, Code, Change) "the service has no endpoint rules any longer";
    EndpointRulesChanged "endpoint-rules-changed" (None, Nothing, Change) "other endpoint rules";
    EndpointParameterAdded "endpoint-parameter-added" (None, Code, None) "a new endpoint parameter";
    EndpointParameterRemoved "endpoint-parameter-removed" (None, Code, None) "an endpoint parameter is gone";
    EndpointParameterTypeChanged "endpoint-parameter-type-changed" (None, Code, None) "an endpoint parameter has another type";
    EndpointParameterChanged "endpoint-parameter-changed" (None, Code, Change) "an endpoint parameter has another default or source";
    EndpointParametersReordered "endpoint-parameters-reordered" (None, Nothing, None) "endpoint parameters in another order";
    ProtocolPreferred "protocol-preferred-changed" (None, Nothing, Change) "requests go out in another protocol";
    ProtocolAdded "protocol-added" (Change, Nothing, None) "one more protocol";
    ProtocolRemoved "protocol-removed" (Break, Nothing, Change) "a protocol is gone";
    TargetPrefixChanged "target-prefix-changed" (Break, Nothing, None) "requests name another target";
    SigningNameChanged "signing-name-changed" (Break, Nothing, Change) "requests are signed for another name";
    EndpointPrefixChanged "endpoint-prefix-changed" (None, Nothing, Change) "another first label of host names";
    ServiceAuthChanged "service-auth-changed" (Break, Nothing, None) "requests have a token instead of a signature, or the other way round";
    QueryCompatibleChanged "query-compatible-changed" (Break, Nothing, Change) "error codes come from elsewhere";
    ServiceAdded "service-added" (Change, Code, None) "a new service";
    ServiceRemoved "service-removed" (Break, Code, None) "a service is gone";
    ServiceRenamed "service-renamed" (None, Nothing, Change) "the service has another name or version";
    NameTaken "name-taken-over" (None, Names, Break) "a Rust name stands for something else than before";
    SourceChanged "source-changed" (None, Code, None) "code notices what no other rule explains";
    SpellingChanged "spelling-changed" (None, Nothing, None) "written differently, and the same for the crate";
    DocumentationChanged "documentation-changed" (None, Nothing, None) "other documentation text";
}

impl Rule {
    /// The rule of that id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

/// What a change means, told by a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What it is about: an operation, `Shape`, `Shape.Member`, the service, or a service by its name.
    pub subject: String,
    /// What happened to it.
    pub message: String,
    /// The operations that it touches, by name; none where it is the whole service,
    /// or something that no operation reaches.
    pub operations: Vec<String>,
    /// What code that uses the crate notices of it: the worst of the differences that it explains.
    pub source: Effect,
}

impl Finding {
    /// That a service is there which the old side does not have.
    pub fn service_added(service: &Service) -> Self {
        Self::of_service(Rule::ServiceAdded, service, "is new", Effect::Change)
    }

    /// That a service is not there which the old side has.
    pub fn service_removed(service: &Service) -> Self {
        Self::of_service(Rule::ServiceRemoved, service, "is gone", Effect::Break)
    }

    /// `source` is what becomes of the module that it has in the crate.
    fn of_service(rule: Rule, service: &Service, what: &str, source: Effect) -> Self {
        let count = service.operations().len();
        let operations = if count == 1 { "operation" } else { "operations" };
        let name = service.metadata().full_name.as_deref().unwrap_or_else(|| service.name());
        let message = format!("{what}: {name}, {count} {operations}");
        Self { rule, subject: service.name().to_owned(), message, operations: Vec::new(), source }
    }

    /// How grave it is.
    pub fn severity(&self, severities: &Severities) -> Effects {
        Effects {
            wire: severities.wire(self.rule),
            source: severities.source(self.rule).unwrap_or(self.source),
            behaviour: severities.behaviour(self.rule),
        }
    }
}

/// What a project sees differently of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// What it means on the wire, if not what the rule says.
    pub wire: Option<Effect>,
    /// What it means for source, if not what code notices.
    pub source: Option<Effect>,
    /// What it means for behaviour, if not what the rule says.
    pub behaviour: Option<Effect>,
    /// Why.
    pub reason: String,
}

impl Override {
    /// Whether it is what the rule says anyway.
    pub fn is_needless(&self, rule: Rule) -> bool {
        let is = |set: Option<Effect>, own: Effect| set.is_none_or(|set| set == own);
        let source = self.source.is_none_or(|set| rule.explains() == Explains::Nothing && set == Effect::None);
        source && is(self.wire, rule.wire()) && is(self.behaviour, rule.behaviour())
    }
}

/// What a project sees differently of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    overrides: BTreeMap<Rule, Override>,
}

impl Severities {
    /// Sets the severity of a rule.
    pub fn set(&mut self, rule: Rule, set: Override) {
        self.overrides.insert(rule, set);
    }

    /// What a rule means for source whatever code notices: nothing where that decides.
    pub fn source(&self, rule: Rule) -> Option<Effect> {
        let never = (rule.explains() == Explains::Nothing).then_some(Effect::None);
        self.get(rule).and_then(|set| set.source).or(never)
    }

    /// What a rule means on the wire.
    pub fn wire(&self, rule: Rule) -> Effect {
        self.get(rule).and_then(|set| set.wire).unwrap_or(rule.wire())
    }

    /// What a rule means for how programs behave.
    pub fn behaviour(&self, rule: Rule) -> Effect {
        self.get(rule).and_then(|set| set.behaviour).unwrap_or(rule.behaviour())
    }

    /// What is set of a rule, if something is.
    pub fn get(&self, rule: Rule) -> Option<&Override> {
        self.overrides.get(&rule)
    }
}

pub(super) use judge::findings;
