//! What crilint supports, as lists.

use crilint_core::fix::Applicability;
use crilint_core::json::Json;
use crilint_core::kinds::KINDS;
use crilint_core::releases::Product;
use crilint_core::rules::{RULES, group_of};

/// Every rule.
pub(crate) fn rules(json: &mut Json) {
    json.list(RULES, |json, rule| {
        json.field("id", &rule.id);
        json.field("group", &group_of(rule));
        json.field("summary", &rule.summary);
        json.field("category", &rule.category.id());
        json.field("since", &rule.since);
        json.field("fix", &rule.fix.map(Applicability::id));
        json.field("opt_in", &rule.opt_in);
        json.field("url", &rule.url());
    });
}

/// Every kind of file.
pub(crate) fn kinds(json: &mut Json) {
    json.list(KINDS, |json, kind| {
        json.field("id", &kind.id);
        json.field("title", &kind.title);
        json.field("product", &kind.product.id());
        json.field("places", &kind.places.to_vec());
    });
}

/// Every product with its releases.
pub(crate) fn products(json: &mut Json) {
    json.list(Product::ALL, |json, product| {
        json.field("id", &product.id());
        json.field("title", &product.title());
        json.objects("releases", product.releases(), |json, release| {
            json.field("id", &release.id);
            json.field("default", &release.default);
            json.field("preview", &release.preview);
        });
    });
}
