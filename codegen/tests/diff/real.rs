//! Real changes of the two services, in the botocore versions that brought them.

use super::{explained, release, told};
use workstream_codegen::diff::rules::{Bump, Effect, Effects, Severities};
use workstream_codegen::diff::{Comparison, History};

/// Wire, source and behaviour.
fn effects(comparison: &Comparison<'_>) -> [Effect; 3] {
    let Effects { wire, source, behaviour } = comparison.severity(&Severities::default());
    [wire, source, behaviour]
}

/// The effects of what one rule told.
fn bump(comparison: &Comparison<'_>) -> Bump {
    comparison.bump(&Severities::default())
}

fn updated(comparison: &Comparison<'_>) -> Vec<String> {
    let line = |skeleton: &Option<workstream_codegen::describe::Skeleton>| {
        skeleton.as_ref().map_or_else(String::new, workstream_codegen::describe::Skeleton::line)
    };
    let of_both = |updated: &workstream_codegen::diff::Updated| {
        let parts =
            [&updated.request.added, &updated.request.removed, &updated.response.added, &updated.response.removed];
        format!("{} ({}) {}", updated.operation, updated.sides(), parts.map(line).join("/"))
    };
    comparison.pages.updated.iter().map(of_both).collect()
}

#[test]
fn seven_new_operations_and_nothing_else() {
    let (old, new) = (release("1.7.19", "appstream"), release("1.7.20", "appstream"));
    let comparison = explained(&old, &new);
    let names = [
        "CreateImageBuilder",
        "CreateImageBuilderStreamingURL",
        "DeleteImage",
        "DeleteImageBuilder",
        "DescribeImageBuilders",
        "StartImageBuilder",
        "StopImageBuilder",
    ];
    assert_eq!(comparison.pages.new, names);
    assert_eq!((comparison.pages.updated.len(), comparison.pages.removed.len()), (0, 0));
    let others = told(&comparison).into_iter().filter(|told| !told.starts_with("operation-added "));
    let types = ["ImageBuilder", "ImageBuilderState", "ImageBuilderStateChangeReason"];
    let types = types.into_iter().chain(["ImageBuilderStateChangeReasonCode", "ResourceError"]);
    assert!(others.eq(types.map(|name| format!("type-added {name}"))), "{:#?}", told(&comparison));
    assert_eq!(
        (effects(&comparison), bump(&comparison)),
        ([Effect::Change, Effect::Change, Effect::None], Bump::Minor)
    );
}

#[test]
fn three_operations_take_tags() {
    let (old, new) = (release("1.12.82", "appstream"), release("1.12.83", "appstream"));
    let comparison = explained(&old, &new);
    assert_eq!(
        updated(&comparison),
        [
            "CreateFleet (request) {'Tags': {'string': 'string'}}///",
            "CreateImageBuilder (request) {'Tags': {'string': 'string'}}///",
            "CreateStack (request) {'Tags': {'string': 'string'}}///",
        ]
    );
    assert_eq!(
        told(&comparison),
        [
            "member-added-input CreateFleetRequest.Tags",
            "member-added-input CreateImageBuilderRequest.Tags",
            "member-added-input CreateStackRequest.Tags",
        ]
    );
    assert_eq!(comparison.facts.len(), 3);
    assert_eq!(bump(&comparison), Bump::Minor);
}

const WITHDRAWN: [&str; 11] = [
    "ComputeCapacity.DesiredSessions",
    "ComputeCapacityStatus.DesiredUserSessions",
    "ComputeCapacityStatus.AvailableUserSessions",
    "ComputeCapacityStatus.ActiveUserSessions",
    "ComputeCapacityStatus.ActualUserSessions",
    "CreateFleetRequest.MaxSessionsPerInstance",
    "DescribeSessionsRequest.InstanceId",
    "Fleet.MaxSessionsPerInstance",
    "FleetAttribute MAX_SESSIONS_PER_INSTANCE",
    "Session.InstanceId",
    "UpdateFleetRequest.MaxSessionsPerInstance",
];

#[test]
fn ten_members_and_a_value_are_withdrawn_and_come_back() {
    let versions = ["1.31.48", "1.31.49", "1.31.72"];
    let [first, second, third] = versions.map(|version| release(version, "appstream"));
    let (mut gone, mut back) = (explained(&first, &second), explained(&second, &third));

    let removed = told(&gone).into_iter().filter(|told| told.contains("-removed-"));
    let removed: Vec<String> = removed.map(|told| told.split_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(removed, WITHDRAWN);
    assert!(told(&gone).contains(&"member-now-required-input ComputeCapacity.DesiredInstances".to_owned()));
    assert_eq!((effects(&gone)[..2].to_vec(), bump(&gone)), (vec![Effect::Break; 2], Bump::Major));

    assert!(told(&back).contains(&"member-now-optional-input ComputeCapacity.DesiredInstances".to_owned()));
    assert_eq!(bump(&back), Bump::Major);

    let mut history = History::default();
    assert_eq!(history.step(&mut gone, "1.31.49"), [""; 0]);
    let notes = history.step(&mut back, "1.31.72");
    assert!(notes.iter().map(String::as_str).eq(WITHDRAWN.map(|it| format!("{it} is back, was withdrawn in 1.31.49"))));
    let finding = back.findings.iter().find(|finding| finding.subject == "Session.InstanceId").unwrap();
    assert_eq!(finding.message, "is new, and optional; it was withdrawn in 1.31.49");
}

#[test]
fn two_operations_and_their_shapes_are_withdrawn_and_come_back() {
    let [first, second, third] = ["1.12.179", "1.12.180", "1.12.233"].map(|version| release(version, "workspaces"));
    let (gone, back) = (explained(&first, &second), explained(&second, &third));
    assert_eq!(gone.pages.removed, ["DescribeWorkspaceSnapshots", "RestoreWorkspace"]);
    assert_eq!(
        told(&gone),
        [
            "operation-removed DescribeWorkspaceSnapshots",
            "operation-removed RestoreWorkspace",
            "member-removed-input RebuildWorkspacesRequest.AdditionalInfo",
            "enum-value-removed-output WorkspaceState RESTORING",
            "type-removed Snapshot",
        ]
    );
    let is_removal =
        |fact: &&workstream_codegen::diff::Fact| matches!(fact, workstream_codegen::diff::Fact::ShapeRemoved(_));
    assert_eq!(gone.facts.iter().filter(is_removal).count(), 7);
    assert_eq!((effects(&gone), bump(&gone)), ([Effect::Break, Effect::Break, Effect::None], Bump::Major));
    assert_eq!(back.pages.new, ["DescribeWorkspaceSnapshots", "RestoreWorkspace"]);
    assert_eq!(bump(&back), Bump::Minor);
}

#[test]
fn a_member_is_gone_from_three_structures() {
    let (old, new) = (release("1.37.8", "workspaces"), release("1.38.13", "workspaces"));
    let comparison = explained(&old, &new);
    assert_eq!(
        told(&comparison),
        [
            "member-removed-output DefaultWorkspaceCreationProperties.EnableWorkDocs",
            "member-removed-input RegisterWorkspaceDirectoryRequest.EnableWorkDocs",
            "member-removed-input WorkspaceCreationProperties.EnableWorkDocs",
        ]
    );
    assert_eq!((effects(&comparison), bump(&comparison)), ([Effect::Break, Effect::Break, Effect::None], Bump::Major));
}

#[test]
fn members_become_required() {
    for (versions, members) in [
        (["1.34.136", "1.34.139"], vec!["RootStorage.Capacity", "UserStorage.Capacity"]),
        (["1.12.72", "1.12.87"], vec!["ModifyClientPropertiesRequest.ClientProperties"]),
    ] {
        let [old, new] = versions.map(|version| release(version, "workspaces"));
        let comparison = explained(&old, &new);
        let expected = members.iter().map(|member| format!("member-now-required-input {member}"));
        assert!(told(&comparison).into_iter().eq(expected), "{:#?}", told(&comparison));
        // No skeleton shows it, and so the public pages tell nothing.
        assert_eq!(updated(&comparison), [""; 0]);
        assert_eq!(
            (effects(&comparison), bump(&comparison)),
            ([Effect::Break, Effect::Break, Effect::None], Bump::Major)
        );
    }
}

#[test]
fn members_are_no_longer_required() {
    let (old, new) = (release("1.10.55", "appstream"), release("1.10.58", "appstream"));
    let comparison = explained(&old, &new);
    for expected in [
        "member-now-optional-input CreateImageBuilderRequest.ImageName",
        "member-now-optional-output Fleet.ImageName",
        "member-added-output Fleet.ImageArn",
    ] {
        assert!(told(&comparison).iter().any(|told| told == expected), "{expected}: {:#?}", told(&comparison));
    }
    assert_eq!((effects(&comparison), bump(&comparison)), ([Effect::Change, Effect::Break, Effect::None], Bump::Major));

    let (old, new) = (release("1.28.4", "appstream"), release("1.29.164", "appstream"));
    let comparison = explained(&old, &new);
    assert!(told(&comparison).contains(&"member-now-optional-output AppBlock.SetupScriptDetails".to_owned()));
    assert_eq!((effects(&comparison), bump(&comparison)), ([Effect::Change, Effect::Break, Effect::None], Bump::Major));
}

#[test]
fn a_new_member_of_a_response_is_required() {
    let (old, new) = (release("1.38.13", "workspaces"), release("1.38.17", "workspaces"));
    let comparison = explained(&old, &new);
    assert_eq!(
        told(&comparison),
        [
            "member-added-input CreateWorkspacesPoolRequest.RunningMode",
            "member-added-required-output WorkspacesPool.RunningMode",
            "type-added PoolsRunningMode",
        ]
    );
    assert_eq!((effects(&comparison), bump(&comparison)), ([Effect::Change, Effect::Break, Effect::None], Bump::Major));
}

#[test]
fn a_member_changes_its_shape_and_becomes_sensitive() {
    let (old, new) = (release("1.44.4", "appstream"), release("1.44.5", "appstream"));
    let comparison = explained(&old, &new);
    let results =
        ["CreateAppBlockBuilderStreamingURLResult", "CreateImageBuilderStreamingURLResult", "CreateStreamingURLResult"];
    let rules = ["sensitive-added", "constraint-changed-output", "member-target-changed"];
    let expected = results.iter().flat_map(|result| rules.map(|rule| format!("{rule} {result}.StreamingURL")));
    assert!(told(&comparison).into_iter().eq(expected), "{:#?}", told(&comparison));
    assert_eq!(updated(&comparison), [""; 0]);
    assert_eq!((effects(&comparison), bump(&comparison)), ([Effect::None, Effect::None, Effect::Change], Bump::Minor));
}

#[test]
fn another_protocol_is_preferred() {
    for (versions, service) in [(["1.43.34", "1.43.55"], "appstream"), (["1.43.127", "1.44.1"], "workspaces")] {
        let [old, new] = versions.map(|version| release(version, service));
        let comparison = explained(&old, &new);
        // The status of errors, which the old model left open.
        let told: Vec<String> =
            told(&comparison).into_iter().filter(|told| !told.starts_with("spelling-changed ")).collect();
        assert_eq!(told, ["protocol-added service", "protocol-preferred-changed service"]);
        let preferred = comparison.findings.iter().find(|finding| finding.rule.id() == "protocol-preferred-changed");
        assert_eq!(preferred.unwrap().message, "prefers rpcv2Cbor to awsJson1_1");
        assert_eq!(
            (effects(&comparison), bump(&comparison)),
            ([Effect::Change, Effect::None, Effect::Change], Bump::Minor)
        );
    }
}

#[test]
fn nothing_changes_where_nothing_changed() {
    let service = release("1.44.5", "appstream");
    let comparison = explained(&service, &service);
    assert!(comparison.facts.is_empty() && comparison.findings.is_empty());
    assert_eq!(bump(&comparison), Bump::None);
}
