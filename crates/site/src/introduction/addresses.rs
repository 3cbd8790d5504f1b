//! Addresses of introductions: those of candidates, and the same conversations for their companies.

use crate::introduction::{self, talk};
use crate::routes::{pages, urls};
use axum::routing::{get, post};

pages! {
    INTRODUCTION_PAGES:
    INTRODUCTIONS => get(introduction::introductions),
    IntroductionUrl::PATTERN => get(introduction::one),
    IntroductionAcceptUrl::PATTERN => get(introduction::accept_form).post(introduction::accept_request),
    IntroductionLookUrl::PATTERN => post(introduction::look).get(introduction::look_was_left),
    IntroductionQuestionUrl::PATTERN => post(introduction::ask).get(introduction::form_was_left),
    IntroductionAnswerUrl::PATTERN => post(introduction::answer).get(introduction::form_was_left),
    IntroductionDeclineUrl::PATTERN => get(introduction::decline_form).post(introduction::decline),
    IntroductionWithdrawUrl::PATTERN => get(introduction::confirm_withdrawal).post(introduction::withdraw),
    CandidateAskUrl::PATTERN => get(introduction::request_form).post(introduction::request),
    CompanyIntroductionsUrl::PATTERN => get(introduction::company_list),
    CompanyIntroductionUrl::PATTERN => get(introduction::one),
    CompanyAcceptUrl::PATTERN => post(introduction::accept_application).get(introduction::form_was_left),
    CompanyQuestionUrl::PATTERN => post(introduction::ask).get(introduction::form_was_left),
    CompanyAnswerUrl::PATTERN => post(introduction::answer).get(introduction::form_was_left),
    CompanyDeclineUrl::PATTERN => get(introduction::decline_form).post(introduction::decline),
    CompanyWithdrawUrl::PATTERN => get(introduction::confirm_withdrawal).post(introduction::withdraw),
    IntroductionLinesUrl::PATTERN => post(talk::write).get(introduction::form_was_left),
    IntroductionShowUrl::PATTERN => get(talk::choose_more).post(talk::show_more),
    IntroductionCloseUrl::PATTERN => get(talk::confirm_closing).post(talk::close),
    InterviewOfferUrl::PATTERN => get(talk::offer_form).post(talk::offer),
    InterviewAnswerUrl::PATTERN => post(talk::answer).get(introduction::form_was_left),
    InterviewCallOffUrl::PATTERN => get(talk::confirm_calling_off).post(talk::call_off),
    InterviewFileUrl::PATTERN => get(talk::calendar),
    CompanyIntroductionLinesUrl::PATTERN => post(talk::write).get(introduction::form_was_left),
    CompanyIntroductionCloseUrl::PATTERN => get(talk::confirm_closing).post(talk::close),
    CompanyInterviewOfferUrl::PATTERN => get(talk::offer_form).post(talk::offer),
    CompanyInterviewAnswerUrl::PATTERN => post(talk::answer).get(introduction::form_was_left),
    CompanyInterviewCallOffUrl::PATTERN => get(talk::confirm_calling_off).post(talk::call_off),
    CompanyInterviewFileUrl::PATTERN => get(talk::calendar),
    VacancyApplyUrl::PATTERN => get(introduction::apply_form).post(introduction::apply),
}

/// Companies that asked one, and those that one applied to.
pub const INTRODUCTIONS: &str = "/introductions";

urls! {
    /// A conversation, for its candidate.
    IntroductionUrl { introduction } = "/introductions/{introduction}";
    /// To say yes, and choose what is shown.
    IntroductionAcceptUrl { introduction } = "/introductions/{introduction}/accept";
    /// What that comes to.
    IntroductionLookUrl { introduction } = "/introductions/{introduction}/look";
    /// To ask first.
    IntroductionQuestionUrl { introduction } = "/introductions/{introduction}/ask";
    /// To answer what was asked.
    IntroductionAnswerUrl { introduction } = "/introductions/{introduction}/answer";
    /// To say no.
    IntroductionDeclineUrl { introduction } = "/introductions/{introduction}/decline";
    /// To take it back, or leave.
    IntroductionWithdrawUrl { introduction } = "/introductions/{introduction}/withdraw";
    /// To ask a candidate for an introduction.
    CandidateAskUrl { company, candidate } = "/companies/{company}/candidates/{candidate}/ask";
    /// A company's conversations.
    CompanyIntroductionsUrl { company } = "/companies/{company}/introductions";
    /// One of them.
    CompanyIntroductionUrl { company, introduction } = "/companies/{company}/introductions/{introduction}";
    /// To say yes to an application.
    CompanyAcceptUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/accept";
    /// To ask first.
    CompanyQuestionUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/ask";
    /// To answer what was asked.
    CompanyAnswerUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/answer";
    /// To say no.
    CompanyDeclineUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/decline";
    /// To take a request back.
    CompanyWithdrawUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/withdraw";
    /// Takes what is written in one.
    IntroductionLinesUrl { introduction } = "/introductions/{introduction}/lines";
    /// Shows something more of the profile in it.
    IntroductionShowUrl { introduction } = "/introductions/{introduction}/show";
    /// Closes it.
    IntroductionCloseUrl { introduction } = "/introductions/{introduction}/close";
    /// Offers times for an interview.
    InterviewOfferUrl { introduction } = "/introductions/{introduction}/offer";
    /// Answers times that were offered.
    InterviewAnswerUrl { introduction, offer } = "/introductions/{introduction}/offers/{offer}";
    /// Calls an interview off, or takes offered times back.
    InterviewCallOffUrl { introduction, offer } = "/introductions/{introduction}/offers/{offer}/call-off";
    /// It for a calendar.
    InterviewFileUrl { introduction, offer } = "/introductions/{introduction}/offers/{offer}/interview.ics";
    /// Takes what somebody of the company writes.
    CompanyIntroductionLinesUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/lines";
    /// Closes it, for the company.
    CompanyIntroductionCloseUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/close";
    /// Offers times.
    CompanyInterviewOfferUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/offer";
    /// Answers times.
    CompanyInterviewAnswerUrl { company, introduction, offer } = "/companies/{company}/introductions/{introduction}/offers/{offer}";
    /// Calls one off.
    CompanyInterviewCallOffUrl { company, introduction, offer } = "/companies/{company}/introductions/{introduction}/offers/{offer}/call-off";
    /// It for a calendar.
    CompanyInterviewFileUrl { company, introduction, offer } = "/companies/{company}/introductions/{introduction}/offers/{offer}/interview.ics";
    /// To apply for a vacancy.
    VacancyApplyUrl { vacancy } = "/vacancies/{vacancy}/apply";
}
