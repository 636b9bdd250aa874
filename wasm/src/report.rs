//! Reports and verdicts as JSON. The form of reports is that of the command line: [`crilint_core::report`].

use crilint_core::compat::table;
use crilint_core::engine::Target;
use crilint_core::json::Json;
use crilint_core::report::{Counting, ReportForm, grouped};
use crilint_core::{Compat, Forecast, Report};

use crate::files::View;

/// How JavaScript counts places.
pub(crate) const COUNTING: Counting = Counting::JAVASCRIPT;

/// A report on views.
pub(crate) fn form<'a>(views: &'a [View<'_>], report: &'a Report, target: &'a Target) -> ReportForm<'a> {
    let files = views.iter().map(|view| &view.file).collect();
    ReportForm { report, files, target, counting: COUNTING, profile: None, run: None }
}

/// What each release does with the files of a form.
pub(crate) fn compat(json: &mut Json, form: &ReportForm<'_>, all: &[Compat]) {
    let groups = grouped(&form.report.findings);
    let mut group_of = vec![0; form.report.findings.len()];
    for (at, group) in groups.iter().enumerate() {
        for number in group {
            if let Some(slot) = group_of.get_mut(*number) {
                *slot = at;
            }
        }
    }
    // Findings of one kind are one.
    let of_groups = |findings: &[usize]| {
        let mut seen = vec![false; groups.len()];
        let own = findings.iter().filter_map(|number| group_of.get(*number).copied());
        let new = |at: &usize| seen.get_mut(*at).is_some_and(|seen| !std::mem::replace(seen, true));
        own.filter(new).collect::<Vec<usize>>()
    };
    json.object(|json| {
        json.field("notes", &form.target.notes());
        let rows = all.iter().zip(table(all));
        let files = rows.filter_map(|(compat, cells)| Some((form.files.get(compat.file)?, compat, cells)));
        json.objects("files", files, |json, (file, compat, cells)| {
            json.field("path", &file.path);
            json.field("inside", &form.report.inside(compat.file, compat.text));
            json.field("product", &compat.product.id());
            json.field("is_template", &compat.is_template);
            let breaks = |json: &mut Json, forecast: &Forecast| {
                let broken = forecast.breaks.iter().filter_map(|number| {
                    let finding = form.report.findings.get(*number)?;
                    let scope = finding.breaks_in(compat.product, forecast.set.newest())?;
                    Some((*group_of.get(*number)?, finding, scope))
                });
                json.objects("breaks", broken, |json, (group, finding, scope)| {
                    json.field("scope", &scope.id());
                    json.field("name", &finding.broken);
                    json.field("rule", &finding.rule);
                    json.field("finding", &group);
                    json.field("text", &scope.describe(&finding.broken));
                });
            };
            json.objects("forecasts", &compat.forecasts, |json, forecast| {
                json.field("release", &forecast.release);
                json.field("verdict", &forecast.verdict.id());
                json.field("findings", &of_groups(&forecast.findings));
                breaks(json, forecast);
                json.objects("patches", &forecast.patches, |json, patches| {
                    json.field("releases", &patches.release);
                    json.field("verdict", &patches.verdict.id());
                    json.field("findings", &of_groups(&patches.findings));
                    breaks(json, patches);
                });
            });
            json.objects("columns", cells, |json, (release, forecast)| {
                json.field("release", &release);
                json.field("verdict", &forecast.verdict.id());
                json.field("findings", &of_groups(&forecast.findings));
                breaks(json, forecast);
            });
        });
        form.findings(json, &groups);
    });
}
