//! Amazon S3.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use workstream::runtime::Blob;
use workstream::s3::client::Client;
use workstream::s3::types::*;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let (bucket, key) = (stage.name("pictures"), "2026/a b+ü//../ä~(1).png");
    let picture = Blob::new([0x89, b'P', b'N', b'G', 13, 10, 0, 255]);

    report
        .step("CreateBucket", async {
            let place = CreateBucketConfiguration::new().location_constraint(BucketLocationConstraint::EuWest1);
            let input = CreateBucketInput::new(&bucket).create_bucket_configuration(place);
            let output = M::send(client.create_bucket(input)).await?;
            same("location", output.location.is_some_and(|location| location.contains(&bucket)), true)
        })
        .await?;
    let tag = report
        .step("PutObject", async {
            let input = PutObjectInput::new(&bucket, key).body(picture.clone()).content_type("image/png");
            let input = input.metadata([("owner", "zoe"), ("note", "a, b")]);
            Ok(M::send(client.put_object(input)).await?.e_tag.ok_or("no tag")?)
        })
        .await?;
    report
        .step("GetObject", async {
            let output = M::send(client.get_object(GetObjectInput::new(&bucket, key))).await?;
            same("body", output.body.as_ref(), Some(&picture))?;
            same("tag", output.e_tag.as_ref(), Some(&tag))?;
            same("type", output.content_type.as_deref(), Some("image/png"))?;
            same("length", output.content_length, Some(8))?;
            let metadata = output.metadata.unwrap_or_default();
            let metadata: Vec<_> = metadata.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            same("metadata", metadata, [("note", "a, b"), ("owner", "zoe")])?;
            same("date", output.last_modified.is_some_and(|date| date.secs() > 1_700_000_000), true)
        })
        .await?;
    report
        .step("GetObject, a range", async {
            let input = GetObjectInput::new(&bucket, key).range("bytes=1-3");
            let output = M::send(client.get_object(input)).await?;
            same("body", output.body, Some(Blob::new(*b"PNG")))?;
            same("range", output.content_range.as_deref(), Some("bytes 1-3/8"))
        })
        .await?;
    report
        .step("ListObjectsV2", async {
            let input = ListObjectsV2Input::new(&bucket).prefix("2026/a b+");
            let output = M::send(client.list_objects_v2(input)).await?;
            let objects = output.contents.unwrap_or_default();
            let [object] = objects.as_slice() else { return Err(format!("not one object: {objects:?}").into()) };
            same("key", object.key.as_deref(), Some(key))?;
            same("size", object.size, Some(8))
        })
        .await?;
    report
        .step("DeleteObjects", async {
            let input = DeleteObjectsInput::new(&bucket, Delete::new([ObjectIdentifier::new(key)]));
            let output = M::send(client.delete_objects(input)).await?;
            let deleted = output.deleted.unwrap_or_default();
            let keys: Vec<_> = deleted.iter().filter_map(|deleted| deleted.key.as_deref()).collect();
            same("keys", keys, [key])?;
            same("errors", output.errors.unwrap_or_default(), [])
        })
        .await?;
    report
        .step("GetObject, NoSuchKey", async {
            let error = refused(M::send(client.get_object(GetObjectInput::new(&bucket, key))).await)?;
            answered(&error, "NoSuchKey", 404)?;
            same("kind", error.is_no_such_key(), true)
        })
        .await?;
    report
        .step("HeadObject, without a body to say why", async {
            let error = refused(M::send(client.head_object(HeadObjectInput::new(&bucket, key))).await)?;
            same("status", error.status().map(|status| status.as_u16()), Some(404))
        })
        .await
}
