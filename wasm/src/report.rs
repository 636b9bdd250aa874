//! Reports and verdicts as JSON. The form of reports is that of the command line: [`crilint_core::report`].

use crilint_core::json::Json;
use crilint_core::engine::Target;
use crilint_core::report::{Counting, ReportForm};
use crilint_core::{Compat, Report};

use crate::files::View;

/// How JavaScript counts places.
pub(crate) const COUNTING: Counting = Counting::JAVASCRIPT;

/// A report on views.
pub(crate) fn form<'a>(views: &'a [View<'_>], report: &'a Report, target: &'a Target) -> ReportForm<'a> {
    ReportForm { report, files: views.iter().map(|view| &view.file).collect(), target, counting: COUNTING, run: None }
}

/// What each release does with the files of a form.
pub(crate) fn compat(json: &mut Json, form: &ReportForm<'_>, all: &[Compat]) {
    json.object(|json| {
        let files = all.iter().filter_map(|compat| Some((form.files.get(compat.file)?, compat)));
        json.objects("files", files, |json, (file, compat)| {
            json.field("path", &file.path);
            json.field("product", &compat.product.id());
            json.objects("forecasts", &compat.forecasts, |json, forecast| {
                json.field("release", &forecast.release);
                json.field("verdict", &forecast.verdict.id());
                json.field("findings", &forecast.findings);
                json.objects("patches", &forecast.patches, |json, patches| {
                    json.field("releases", &patches.release);
                    json.field("verdict", &patches.verdict.id());
                    json.field("findings", &patches.findings);
                });
            });
        });
        form.findings(json);
    });
}
