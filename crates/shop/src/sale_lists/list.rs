//! The rules of sale lists, as a list and as a file.

use axum::response::Response;
use gondola_store::Permission;
use serde::Deserialize;
use utoipa::IntoParams;

use super::api::parse_ruled;
use super::queries::{self, RuleFilter, RuleKey};
use super::scalars::RuledListCode;
use super::views::ListRuleView;
use crate::kernel::fields::read;
use crate::kernel::{App, Columns, Endpoint, Errors, List, Listing, Page, Problem, Reader};

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::list::<ListRules>(utoipa_axum::routes!(list_rules))]
}

/// Which rules.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRules {
    /// Of this list.
    #[param(value_type = Option<RuledListCode>, nullable = false)]
    pub list: Option<String>,
    /// Only those that nobody removed.
    #[param(value_type = Option<bool>, nullable = false)]
    pub kept: Option<bool>,
}

impl List for ListRules {
    type Item = ListRuleView;
    type Key = RuleKey;
    type Filter = RuleFilter;

    const NAME: &'static str = "sale-list-rules";
    const TITLE: [&'static str; 2] = ["Reglas de las listas de venta", "Rules of sale lists"];
    const NEEDS: Permission = Permission::ReadCost;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<RuleFilter>, Problem> {
        let mut errors = Errors::new();
        let list = read(&mut errors, "list", self.list, parse_ruled);
        errors.finish()?;
        Ok(Some(RuleFilter { list, kept: self.kept == Some(true) }))
    }

    async fn page(
        filter: &RuleFilter,
        reader: &mut Reader,
        before: Option<RuleKey>,
        limit: i64,
    ) -> Result<Page<ListRuleView>, Problem> {
        let rows = queries::rules(&mut reader.tx(), *filter, before, limit).await?;
        Ok(Page::cut(rows, limit, |rule| (rule.set_at, rule.id), ListRuleView::of))
    }

    fn columns(_: Option<&RuleFilter>) -> Columns<ListRuleView> {
        Columns::<ListRuleView>::new()
            .text("Lista", "List", |rule| rule.list.clone())
            .money("Sobre GENERAL %", "Over GENERAL %", |rule| rule.adjustment.clone())
            .money("Redondeo", "Rounding", |rule| rule.rounding_step.clone())
            .money("Margen mínimo %", "Smallest margin %", |rule| rule.minimum_margin.clone())
            .day("Desde", "From", |rule| rule.valid_from.clone())
            .day("Hasta", "To", |rule| rule.valid_to.clone())
            .text("Usuario", "User", |rule| rule.set_by.clone())
            .instant("Puesta", "Set", |rule| rule.set_at.clone())
            .text("La sacó", "Removed by", |rule| rule.removed_by.clone())
            .instant("Sacada", "Removed", |rule| rule.removed_at.clone())
            .text("Id", "Id", |rule| rule.id)
    }
}

/// The rules of sale lists, the newest first, also those that were removed. Of those that hold on a day, the one that began last
/// makes the list's prices, where nobody set one for the product.
#[utoipa::path(get, path = "/api/v1/sale-lists/rules", tag = "prices", params(ListRules),
    responses((status = 200, description = "A page of them", body = Page<ListRuleView>)))]
async fn list_rules(asked: Listing<ListRules>) -> Result<Response, Problem> {
    asked.answer().await
}
