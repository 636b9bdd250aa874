//! Reports and verdicts as JSON. The shapes are those of `types.d.ts`.

use crilint_core::finding::{Finding, Severity};
use crilint_core::fix::{Applicability, Edit, Fix};
use crilint_core::releases::{Product, ReleaseSet, Releases};
use crilint_core::{Compat, Report, rules};

use crate::files::View;
use crate::json::{Json, Value};

/// A report on the views.
pub(crate) fn report(json: &mut Json, views: &[View<'_>], report: &Report, target: Releases) {
    json.object(|json| {
        json.objects("files", views.iter().zip(&report.files), |json, (view, info)| {
            json.field("path", &view.path);
            json.field("node", &view.node());
            json.field("kind", &info.kind.map(|kind| kind.id));
            json.field("configVersion", &info.config_version);
            json.field("reads", &info.reads);
            json.object_in("releases", |json| {
                if let Some(kind) = info.kind {
                    releases_of(json, kind.product, info.releases.get(kind.product));
                }
            });
        });
        json.objects("findings", &report.findings, |json, found| finding(json, views, found, target));
        let count = |severity| report.findings.iter().filter(|f| f.severity == severity).count();
        json.object_in("summary", |json| {
            json.field("errors", &count(Severity::Error));
            json.field("warnings", &count(Severity::Warning));
            json.field("infos", &count(Severity::Info));
        });
    });
}

/// What each release does with the views.
pub(crate) fn compat(json: &mut Json, views: &[View<'_>], report: &Report, all: &[Compat], target: Releases) {
    json.object(|json| {
        let files = all.iter().filter_map(|compat| Some((views.get(compat.file)?, compat)));
        json.objects("files", files, |json, (view, compat)| {
            json.field("path", &view.path);
            json.field("product", &compat.product.id());
            json.objects("forecasts", &compat.forecasts, |json, forecast| {
                json.field("release", &forecast.release);
                json.field("verdict", &forecast.verdict.id());
                json.field("findings", &forecast.findings);
            });
        });
        json.objects("findings", &report.findings, |json, found| finding(json, views, found, target));
    });
}

fn finding(json: &mut Json, views: &[View<'_>], finding: &Finding, target: Releases) {
    let rule = rules::find(finding.rule);
    json.field("rule", &finding.rule);
    json.field("category", &rule.map_or("", |rule| rule.category.id()));
    json.field("severity", &finding.severity.id());
    json.field("effect", &finding.effect().id());
    json.object_in("releases", |json| narrowed(json, finding.releases(), target));
    json.field("scope", &finding.scope);
    json.objects("outcomes", &finding.outcomes, |json, outcome| {
        json.field("effect", &outcome.effect.id());
        json.object_in("releases", |json| narrowed(json, outcome.releases, target));
    });
    json.field("message", &finding.message);
    json.field("why", &finding.why);
    json.field("help", &finding.help);
    json.field("url", &rule.map(rules::Rule::url));
    json.field("keys", &finding.keys);
    if let Some(view) = views.get(finding.file) {
        json.field("path", &view.path);
        view.places.write(finding.span, json);
    }
    let labels = finding.labels.iter().filter_map(|label| Some((views.get(label.file)?, label)));
    json.objects("labels", labels, |json, (view, label)| {
        json.field("path", &view.path);
        view.places.write(label.span, json);
        json.field("text", &label.text);
    });
    let view = views.get(finding.file);
    let fixes = finding.fixes.iter().filter(|fix| view.is_some_and(|view| view.takes(&fix.edits)));
    json.objects("fixes", fixes, |json, fix| self::fix(json, view, fix));
}

fn fix(json: &mut Json, view: Option<&View<'_>>, fix: &Fix) {
    json.field("title", &fix.title);
    json.field("applicability", &applicability(fix.applicability));
    edits(json, view, &fix.edits);
}

/// The edits of a file, as the field `edits`.
pub(crate) fn edits(json: &mut Json, view: Option<&View<'_>>, edits: &[Edit]) {
    json.objects(
        "edits",
        view.into_iter().flat_map(|view| edits.iter().map(move |e| (view, e))),
        |json, (view, edit)| {
            view.places.write(edit.span, json);
            json.field("text", &edit.text);
        },
    );
}

/// The word for how far to trust a fix.
pub(crate) fn applicability(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
        Applicability::Display => "display",
    }
}

/// The releases of those products where it is not all of the target.
fn narrowed(json: &mut Json, releases: Releases, target: Releases) {
    for product in Product::ALL {
        let set = releases.get(product);
        if !set.covers(target.get(product)) {
            releases_of(json, product, set);
        }
    }
}

fn releases_of(json: &mut Json, product: Product, set: ReleaseSet) {
    json.field(product.id(), &Ids(product, set));
}

struct Ids(Product, ReleaseSet);

impl Value for Ids {
    fn write(&self, out: &mut Json) {
        self.1.ids(self.0).collect::<Vec<_>>().write(out);
    }
}
