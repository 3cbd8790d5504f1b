//! Addresses of vacancies: for everybody, for their companies, for operators.

use crate::routes::{pages, urls};
use crate::vacancy;
use axum::routing::{get, post};

pages! {
    VACANCY_PAGES:
    CompanyVacanciesUrl::PATTERN => get(vacancy::own_list),
    CompanyVacancyNewUrl::PATTERN => get(vacancy::new).post(vacancy::begin),
    OwnVacancyUrl::PATTERN => get(vacancy::own).post(vacancy::keep),
    OwnVacancyConfirmUrl::PATTERN => post(vacancy::confirm).get(vacancy::form_was_left),
    OwnVacancyCloseUrl::PATTERN => get(vacancy::confirm_closing).post(vacancy::close),
    OwnVacancyAgainUrl::PATTERN => post(vacancy::post_again).get(vacancy::form_was_left),
    OwnVacancyDeleteUrl::PATTERN => post(vacancy::delete).get(vacancy::form_was_left),
    VACANCIES => get(vacancy::list),
    VACANCY_FEED => get(vacancy::atom),
    VACANCY_XML => get(vacancy::xml),
    VACANCY_MAP => get(vacancy::map),
    VacancyUrl::PATTERN => get(vacancy::one),
    VacancyReportUrl::PATTERN => get(vacancy::report_form).post(vacancy::send_report),
    SEARCHES => get(vacancy::saved).post(vacancy::save),
    SavedSearchDeleteUrl::PATTERN => post(vacancy::delete_search).get(vacancy::search_form_was_left),
    OPERATOR_REPORTS => get(vacancy::reports),
    ReportCloseUrl::PATTERN => post(vacancy::close_reported).get(vacancy::decision_was_left),
    ReportDismissUrl::PATTERN => post(vacancy::dismiss).get(vacancy::decision_was_left),
}

/// Every open vacancy.
pub const VACANCIES: &str = "/vacancies";
/// A search of vacancies as an Atom feed.
pub const VACANCY_FEED: &str = "/vacancies/feed.atom";
/// Every open vacancy as XML.
pub const VACANCY_XML: &str = "/vacancies/all.xml";
/// The map of their pages.
pub const VACANCY_MAP: &str = "/vacancies/sitemap.xml";
/// Searches that somebody wants to hear of.
pub const SEARCHES: &str = "/searches";
/// Vacancies that were reported.
pub const OPERATOR_REPORTS: &str = "/operator/reports";

urls! {
    /// A company's own vacancies.
    CompanyVacanciesUrl { company } = "/companies/{company}/vacancies";
    /// Where one is begun.
    CompanyVacancyNewUrl { company } = "/companies/{company}/vacancies/new";
    /// One of them, for its company.
    OwnVacancyUrl { company, vacancy } = "/companies/{company}/vacancies/{vacancy}";
    /// Says that it is alive.
    OwnVacancyConfirmUrl { company, vacancy } = "/companies/{company}/vacancies/{vacancy}/confirm";
    /// Closes it.
    OwnVacancyCloseUrl { company, vacancy } = "/companies/{company}/vacancies/{vacancy}/close";
    /// Posts it again.
    OwnVacancyAgainUrl { company, vacancy } = "/companies/{company}/vacancies/{vacancy}/again";
    /// Deletes a draft.
    OwnVacancyDeleteUrl { company, vacancy } = "/companies/{company}/vacancies/{vacancy}/delete";
    /// A vacancy, for everybody.
    VacancyUrl { vacancy } = "/vacancies/{vacancy}";
    /// Reports it.
    VacancyReportUrl { vacancy } = "/vacancies/{vacancy}/report";
    /// Deletes a saved search.
    SavedSearchDeleteUrl { search } = "/searches/{search}/delete";
    /// Closes a vacancy that was reported.
    ReportCloseUrl { report } = "/operator/reports/{report}/close";
    /// Leaves it open.
    ReportDismissUrl { report } = "/operator/reports/{report}/dismiss";
}
