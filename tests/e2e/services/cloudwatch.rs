//! Amazon CloudWatch.

use crate::drive::Drive;
use crate::report::{Failed, refused, same};
use crate::stage::{Stage, answered};
use std::time::SystemTime;
use workstream::cloudwatch::client::Client;
use workstream::cloudwatch::types::*;
use workstream::runtime::Timestamp;

/// Takes the steps.
pub async fn play<M: Drive>(stage: &Stage<M>) -> Result<(), Failed> {
    let (client, report) = (Client::<M>::new(&stage.config), &stage.report);
    let space = stage.name("Shop");
    let now = Timestamp::from(SystemTime::now());
    let shelf = Dimension::new("Shelf", "a b/ü");

    report
        .step("PutMetricData", async {
            let datum = |value| {
                let datum = MetricDatum::new("Temperature").value(value).unit(StandardUnit::None);
                datum.dimensions([shelf.clone()]).timestamp(now)
            };
            let input = PutMetricDataInput::new(&space).metric_data([datum(20.5), datum(-0.25)]);
            let output = M::send(client.put_metric_data(input)).await?;
            same("output", output, PutMetricDataOutput::new())
        })
        .await?;
    report
        .step("ListMetrics", async {
            let input = ListMetricsInput::new().namespace(&space).dimensions([DimensionFilter::new("Shelf")]);
            let metrics = M::send(client.list_metrics(input)).await?.metrics.unwrap_or_default();
            let expected = Metric::new().namespace(&space).metric_name("Temperature").dimensions([shelf.clone()]);
            same("metrics", metrics.first(), Some(&expected))
        })
        .await?;
    report
        .step("GetMetricStatistics", async {
            let (begin, end) = (Timestamp::from_secs(now.secs() - 60), Timestamp::from_secs(now.secs() + 60));
            let input = GetMetricStatisticsInput::new(&space, "Temperature", begin, end, 300);
            let input = input.statistics([Statistic::Sum, Statistic::Minimum, Statistic::SampleCount]);
            let output = M::send(client.get_metric_statistics(input)).await?;
            same("label", output.label.as_deref(), Some("Temperature"))?;
            let points = output.datapoints.unwrap_or_default();
            let [point] = points.as_slice() else { return Err(format!("not one point: {points:?}").into()) };
            same("sum", point.sum, Some(20.25))?;
            same("minimum", point.minimum, Some(-0.25))?;
            same("count", point.sample_count, Some(2.0))?;
            same("time", point.timestamp.is_some_and(|time| begin <= time && time <= end), true)
        })
        .await?;
    report
        .step("GetDashboard, DashboardNotFoundError", async {
            let input = GetDashboardInput::new(stage.name("nothing"));
            let error = refused(M::send(client.get_dashboard(input)).await)?;
            answered(&error, "ResourceNotFound", 404)?;
            same("kind", error.is_dashboard_not_found_error(), true)
        })
        .await
}
