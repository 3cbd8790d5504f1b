//! The product on one page: every address, and who answers it; long because it is that one page.
//!
//! An address with parameters is a type: `PATTERN` is what the router matches, `to_url()` what a link says.

use crate::introduction::talk;
use crate::site::Site;
use crate::{
    about, account, answer, assets, board, check, company, error, grant, guide, home, introduction, kit, operator,
    pool, profile, question, role, signal, task, vacancy, verify, you,
};
use axum::Router;
use axum::routing::{get, post};

macro_rules! pages {
    ($($pattern:expr => $handler:expr,)+) => {
        /// Every page.
        pub fn router() -> Router<Site> {
            Router::new()
                $(.route($pattern, $handler))+
                .fallback(error::not_found)
                .method_not_allowed_fallback(error::method_not_allowed)
        }

        /// What the router matches, so that a test can ask at every address and forget none.
        pub const PATTERNS: &[&str] = &[$($pattern),+];
    };
}

// Every page, one line each.
pages! {
    HOME => get(home::page),
    GUIDES => get(guide::guides),
    GuideUrl::PATTERN => get(guide::contents),
    GuideSearchUrl::PATTERN => get(guide::search),
    SectionUrl::PATTERN => get(guide::section),
    ProofUrl::PATTERN => get(guide::proof),
    ProofRunUrl::PATTERN => post(guide::run_proof).get(guide::run_was_reloaded),
    QUESTIONS => get(question::questions),
    QuickUrl::PATTERN => get(question::question).post(question::answer),
    QuickProofUrl::PATTERN => get(question::proof),
    QuickProofRunUrl::PATTERN => post(question::run_proof).get(question::run_was_reloaded),
    TASKS => get(task::tasks),
    TaskUrl::PATTERN => get(task::task),
    TaskRunsUrl::PATTERN => post(task::run).get(task::run_was_reloaded),
    TaskFileUrl::PATTERN => get(task::file),
    ROLES => get(role::roles),
    RoleUrl::PATTERN => get(role::role),
    HiringUrl::PATTERN => get(role::hiring),
    CHECKS => get(check::checks),
    CheckUrl::PATTERN => get(check::about),
    CheckBeginUrl::PATTERN => get(check::consent).post(check::begin),
    ATTEMPTS => get(check::history),
    AttemptUrl::PATTERN => get(check::attempt),
    AttemptPauseUrl::PATTERN => post(check::pause).get(check::form_was_left),
    AttemptResumeUrl::PATTERN => post(check::resume).get(check::form_was_left),
    AttemptStopUrl::PATTERN => get(check::confirm_stop).post(check::stop),
    AttemptQuietUrl::PATTERN => post(check::set_quiet).get(check::form_was_left),
    AttemptDeleteUrl::PATTERN => get(check::confirm_deletion).post(check::delete),
    AttemptItemUrl::PATTERN => get(check::item).post(check::answer),
    AttemptKnownUrl::PATTERN => post(check::put_aside).get(check::form_was_left),
    AttemptRunsUrl::PATTERN => post(check::run).get(check::form_was_left),
    AttemptDraftUrl::PATTERN => post(check::keep_draft).get(check::form_was_left),
    AttemptHandInUrl::PATTERN => post(check::hand_in).get(check::form_was_left),
    AttemptExplainUrl::PATTERN => post(check::explain).get(check::form_was_left),
    AttemptFileUrl::PATTERN => get(check::file),
    AttemptSignalUrl::PATTERN => get(signal::form).post(signal::make),
    PROFILE => get(profile::overview),
    PROFILE_PREVIEW => get(profile::preview),
    PROFILE_IMPORT => get(profile::import).post(profile::bring),
    RESUME => get(profile::resume),
    ProfileFieldUrl::PATTERN => get(profile::edit).post(profile::keep),
    SIGNALS => get(signal::signals),
    SignalUrl::PATTERN => get(signal::signal),
    SignalWithdrawUrl::PATTERN => get(signal::confirm_withdrawal).post(signal::withdraw),
    SignalBadgeUrl::PATTERN => get(signal::badge),
    GRANTS => get(grant::grants),
    GRANT_NEW => get(grant::form).post(grant::make),
    GrantUrl::PATTERN => get(grant::grant),
    GrantNarrowUrl::PATTERN => post(grant::narrow).get(grant::form_was_left),
    GrantRevokeUrl::PATTERN => post(grant::revoke).get(grant::form_was_left),
    GrantWalletUrl::PATTERN => get(grant::wallet),
    BLOCKS => post(grant::block).get(grant::form_was_left),
    BlockLiftUrl::PATTERN => post(grant::lift).get(grant::form_was_left),
    VIEWS => get(grant::views),
    YOU => get(you::you),
    INTRODUCTIONS => get(introduction::introductions),
    IntroductionUrl::PATTERN => get(introduction::one),
    IntroductionAcceptUrl::PATTERN => get(introduction::accept_form).post(introduction::accept_request),
    IntroductionLookUrl::PATTERN => post(introduction::look).get(introduction::look_was_left),
    IntroductionQuestionUrl::PATTERN => post(introduction::ask).get(introduction::form_was_left),
    IntroductionAnswerUrl::PATTERN => post(introduction::answer).get(introduction::form_was_left),
    IntroductionDeclineUrl::PATTERN => get(introduction::decline_form).post(introduction::decline),
    IntroductionWithdrawUrl::PATTERN => get(introduction::confirm_withdrawal).post(introduction::withdraw),
    SharedUrl::PATTERN => get(grant::shared),
    COMPANIES => get(company::companies),
    COMPANY_NEW => get(company::company_form).post(company::ask),
    CompanyHomeUrl::PATTERN => get(company::home),
    CompanyLeaveUrl::PATTERN => post(company::leave).get(company::leaving_form_was_left),
    CompanyProofsUrl::PATTERN => get(company::proofs),
    CompanyChallengeUrl::PATTERN => post(company::draw).get(company::proof_form_was_left),
    CompanyDnsUrl::PATTERN => post(company::look_at_dns).get(company::proof_form_was_left),
    CompanyFileUrl::PATTERN => post(company::look_at_file).get(company::proof_form_was_left),
    CompanyMailUrl::PATTERN => post(company::ask_by_mail).get(company::proof_form_was_left),
    CompanyMailLinkUrl::PATTERN => get(company::open_mail_link).post(company::confirm_mail),
    CompanyLeiUrl::PATTERN => post(company::state_lei).get(company::proof_form_was_left),
    CompanyPeopleUrl::PATTERN => get(company::people).post(company::invite),
    CompanyPersonUrl::PATTERN => post(company::change).get(company::people_form_was_left),
    CompanyInvitationUrl::PATTERN => post(company::withdraw).get(company::people_form_was_left),
    CompanyEditUrl::PATTERN => get(company::edit).post(company::rewrite),
    InvitationUrl::PATTERN => get(company::invitation).post(company::accept),
    COMPANY_LIST => get(company::public_list),
    CompanyUrl::PATTERN => get(company::public_page),
    CompanyCandidatesUrl::PATTERN => get(company::candidates),
    CandidateUrl::PATTERN => get(company::candidate),
    CandidateProofUrl::PATTERN => post(company::proof).get(company::company_form_was_left),
    CompanyPoolUrl::PATTERN => get(pool::search),
    PoolSearchesUrl::PATTERN => get(pool::saved).post(pool::save),
    PoolSearchDeleteUrl::PATTERN => post(pool::delete).get(pool::form_was_left),
    CompareUrl::PATTERN => get(pool::compare),
    CandidateAskUrl::PATTERN => get(introduction::request_form).post(introduction::request),
    CompanyIntroductionsUrl::PATTERN => get(introduction::company_list),
    CompanyIntroductionUrl::PATTERN => get(introduction::one),
    CompanyAcceptUrl::PATTERN => post(introduction::accept_application).get(introduction::form_was_left),
    CompanyQuestionUrl::PATTERN => post(introduction::ask).get(introduction::form_was_left),
    CompanyAnswerUrl::PATTERN => post(introduction::answer).get(introduction::form_was_left),
    CompanyDeclineUrl::PATTERN => get(introduction::decline_form).post(introduction::decline),
    CompanyWithdrawUrl::PATTERN => get(introduction::confirm_withdrawal).post(introduction::withdraw),
    CompanyInterviewsUrl::PATTERN => get(kit::interviews),
    CompanyKitUrl::PATTERN => get(kit::kit),
    KitSettleUrl::PATTERN => post(kit::settle).get(kit::form_was_left),
    KitAskUrl::PATTERN => post(kit::ask).get(kit::form_was_left),
    KitScoreUrl::PATTERN => get(kit::score).post(kit::keep),
    OwnKitUrl::PATTERN => get(kit::plan_for_candidate),
    CompanyVacanciesUrl::PATTERN => get(vacancy::own_list),
    CompanyVacancyNewUrl::PATTERN => get(vacancy::new).post(vacancy::begin),
    OwnVacancyUrl::PATTERN => get(vacancy::own).post(vacancy::keep),
    OwnVacancyConfirmUrl::PATTERN => post(vacancy::confirm).get(vacancy::form_was_left),
    OwnVacancyCloseUrl::PATTERN => get(vacancy::confirm_closing).post(vacancy::close),
    OwnVacancyAgainUrl::PATTERN => post(vacancy::post_again).get(vacancy::form_was_left),
    OwnVacancyDeleteUrl::PATTERN => post(vacancy::delete).get(vacancy::form_was_left),
    CompanyBoardsUrl::PATTERN => get(board::list).post(board::bring),
    BoardFileUrl::PATTERN => post(board::bring_file).get(board::upload_was_left),
    PreviewUrl::PATTERN => get(board::preview).post(board::keep),
    BoardUrl::PATTERN => get(board::one),
    BoardLookUrl::PATTERN => post(board::look_now).get(board::form_was_left),
    BoardCloseMissingUrl::PATTERN => post(board::close_missing).get(board::form_was_left),
    BoardRemoveUrl::PATTERN => post(board::remove).get(board::form_was_left),
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
    VACANCIES => get(vacancy::list),
    VACANCY_FEED => get(vacancy::atom),
    VACANCY_XML => get(vacancy::xml),
    VACANCY_MAP => get(vacancy::map),
    VacancyUrl::PATTERN => get(vacancy::one),
    VacancyApplyUrl::PATTERN => get(introduction::apply_form).post(introduction::apply),
    VacancyReportUrl::PATTERN => get(vacancy::report_form).post(vacancy::send_report),
    SEARCHES => get(vacancy::saved).post(vacancy::save),
    SavedSearchDeleteUrl::PATTERN => post(vacancy::delete_search).get(vacancy::search_form_was_left),
    OPERATOR_REPORTS => get(vacancy::reports),
    ReportCloseUrl::PATTERN => post(vacancy::close_reported).get(vacancy::decision_was_left),
    ReportDismissUrl::PATTERN => post(vacancy::dismiss).get(vacancy::decision_was_left),
    VERIFY => get(verify::verify),
    "/.well-known/jwt-vc-issuer" => get(company::issuer_metadata),
    "/credentials/status/1" => get(company::status_list),
    JOIN => get(account::join).post(account::ask_for_link),
    JoinUrl::PATTERN => get(account::open_link).post(account::make_account),
    SIGN_IN => get(account::sign_in_form).post(account::sign_in),
    SIGN_OUT => post(account::sign_out),
    RESET => get(account::reset).post(account::ask_for_reset),
    ResetUrl::PATTERN => get(account::open_reset).post(account::choose_password),
    ACCOUNT => get(account::account),
    ACCOUNT_NAME => post(account::rename).get(account::form_was_left),
    ACCOUNT_PASSWORD => post(account::set_password).get(account::form_was_left),
    ACCOUNT_DELETE => get(account::confirm_deletion).post(account::delete_account),
    ACCOUNT_KEEP => post(account::keep_account).get(account::form_was_left),
    ACCOUNT_EXPORT => get(account::export),
    PROVE_AGAIN => get(account::prove_again_form).post(account::prove_again),
    SESSIONS_END_OTHERS => post(account::end_others).get(account::form_was_left),
    SessionEndUrl::PATTERN => post(account::end_session),
    PASSKEYS => post(account::add_passkey),
    PASSKEYS_BEGIN => post(account::begin_passkey),
    PASSKEY_NEW => get(account::new_passkey),
    PasskeyUrl::PATTERN => get(account::passkey).post(account::rename_passkey),
    PasskeyRemoveUrl::PATTERN => get(account::confirm_passkey_removal).post(account::remove_passkey),
    PASSKEY_SIGN_IN => post(account::passkey_sign_in),
    PASSKEY_SIGN_IN_BEGIN => post(account::begin_passkey_sign_in),
    PASSKEY_PROVE => post(account::passkey_proof),
    PASSKEY_PROVE_BEGIN => post(account::begin_passkey_proof),
    OIDC_SIGN_IN => get(account::set_out_to_sign_in),
    OIDC_CALLBACK => get(account::oidc_callback),
    OIDC_ARRIVED => get(account::arrived).post(account::ask_for_identity_link),
    OIDC_PROVE => get(account::set_out_to_prove),
    IDENTITY_NEW => get(account::new_identity),
    IDENTITY_SET_OUT => get(account::set_out_to_link),
    IDENTITY_CONFIRM => get(account::confirm_identity).post(account::link_identity),
    IdentityLinkUrl::PATTERN => get(account::open_identity_link).post(account::link_by_mail),
    IdentityUnlinkUrl::PATTERN => get(account::confirm_unlinking).post(account::unlink_identity),
    OUTBOX => get(account::outbox),
    OPERATOR_COMPANIES => get(company::list),
    OperatorCompanyUrl::PATTERN => get(company::one),
    CompanyOwnerUrl::PATTERN => post(company::invite_owner).get(company::operator_form_was_left),
    CompanySuspendUrl::PATTERN => post(company::suspend).get(company::operator_form_was_left),
    CompanyLiftUrl::PATTERN => post(company::lift).get(company::operator_form_was_left),
    CompanyVerifyUrl::PATTERN => post(company::verify).get(company::operator_form_was_left),
    CompanyUnverifyUrl::PATTERN => post(company::unverify).get(company::operator_form_was_left),
    OPERATOR_ITEMS => get(operator::items),
    ItemFreezeUrl::PATTERN => post(operator::freeze).get(operator::item_form_was_left),
    ItemThawUrl::PATTERN => post(operator::thaw).get(operator::item_form_was_left),
    OPERATOR_JOBS => get(operator::jobs),
    JobRetryUrl::PATTERN => post(operator::retry_job).get(operator::job_form_was_left),
    JobForgetUrl::PATTERN => post(operator::forget_job).get(operator::job_form_was_left),
    FirstOperatorUrl::PATTERN => get(account::first_operator).post(account::make_first_operator),
    AnswersUrl::PATTERN => get(answer::answers),
    ABOUT_PRACTICE => get(about::practice),
    ABOUT_ACCESSIBILITY => get(about::accessibility),
    ABOUT_LICENCES => get(about::licences),
    ABOUT_VACANCIES => get(about::vacancies),
    ABOUT_POOL => get(about::pool),
    assets::PATTERN => get(assets::serve),
    "/favicon.svg" => get(assets::favicon),
    "/robots.txt" => get(operator::robots),
    "/sitemap.xml" => get(operator::sitemap),
    "/healthz" => get(operator::healthz),
    "/readyz" => get(operator::readyz),
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
/// What every vacancy says, and what ends one.
pub const ABOUT_VACANCIES: &str = "/about/vacancies";
/// Who is found in the pool, by whom, and in which order.
pub const ABOUT_POOL: &str = "/about/pool";
/// The home page.
pub const HOME: &str = "/";
/// All guides.
pub const GUIDES: &str = "/guides";
/// Quick questions, by competency.
pub const QUESTIONS: &str = "/questions";
/// All tasks.
pub const TASKS: &str = "/tasks";
/// What practice stores, limits and runs.
pub const ABOUT_PRACTICE: &str = "/about/practice";
/// What was done for readers with assistive technology, and what is known to be missing.
pub const ABOUT_ACCESSIBILITY: &str = "/about/accessibility";
/// Who may use the content, and how.
pub const ABOUT_LICENCES: &str = "/about/licences";

/// All skill checks.
pub const CHECKS: &str = "/checks";
/// One's own checks, begun and done.
pub const ATTEMPTS: &str = "/attempts";
/// One's own profile.
pub const PROFILE: &str = "/profile";
/// It as others see it.
pub const PROFILE_PREVIEW: &str = "/profile/preview";
/// To bring a JSON Resume.
pub const PROFILE_IMPORT: &str = "/profile/import";
/// To take one along.
pub const RESUME: &str = "/profile/resume.json";
/// One's own signals.
pub const SIGNALS: &str = "/signals";
/// One's own grants.
pub const GRANTS: &str = "/grants";
/// To make one.
pub const GRANT_NEW: &str = "/grants/new";
/// To block a company.
pub const BLOCKS: &str = "/blocks";
/// What waits for a person.
pub const YOU: &str = "/you";
/// Companies that asked one, and those that one applied to.
pub const INTRODUCTIONS: &str = "/introductions";
/// Who looked.
pub const VIEWS: &str = "/views";
/// For companies, and one's own.
pub const COMPANIES: &str = "/companies";
/// To ask for one.
pub const COMPANY_NEW: &str = "/companies/new";
/// Companies that are verified.
pub const COMPANY_LIST: &str = "/company";
/// To check a credential.
pub const VERIFY: &str = "/verify";
/// Which companies are verified, for operators.
pub const OPERATOR_COMPANIES: &str = "/operator/companies";
/// All roles.
pub const ROLES: &str = "/roles";
/// To make an account.
pub const JOIN: &str = "/join";
/// To choose a new password without the old one.
pub const RESET: &str = "/reset";
/// To sign out.
pub const SIGN_OUT: &str = "/sign-out";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// To be called something else.
pub const ACCOUNT_NAME: &str = "/account/name";
/// To change the password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// To delete the account.
pub const ACCOUNT_DELETE: &str = "/account/delete";
/// To keep an account that was to be deleted.
pub const ACCOUNT_KEEP: &str = "/account/keep";
/// Everything that is kept of a person, as one archive.
pub const ACCOUNT_EXPORT: &str = "/account/export";
/// To sign every other browser out.
pub const SESSIONS_END_OTHERS: &str = "/account/sessions/end-others";
/// To add a passkey that has answered. Takes JSON, as the other pairs of addresses of `passkey.mjs` do.
pub const PASSKEYS: &str = "/account/passkeys";
/// To be asked for a new passkey.
pub const PASSKEYS_BEGIN: &str = "/account/passkeys/begin";
/// The page on which one is added.
pub const PASSKEY_NEW: &str = "/account/passkeys/new";
/// To sign in with a passkey that has answered.
pub const PASSKEY_SIGN_IN: &str = "/sign-in/passkey";
/// To be asked for a passkey.
pub const PASSKEY_SIGN_IN_BEGIN: &str = "/sign-in/passkey/begin";
/// To prove who one is with a passkey that has answered.
pub const PASSKEY_PROVE: &str = "/account/prove/passkey";
/// To be asked for a passkey of one's own.
pub const PASSKEY_PROVE_BEGIN: &str = "/account/prove/passkey/begin";
/// To sign in by the provider of OpenID Connect. It and its kin are there only where one is configured.
pub const OIDC_SIGN_IN: &str = "/sign-in/oidc";
/// Where the provider sends people back to. It is registered there, so it does not change.
pub const OIDC_CALLBACK: &str = "/sign-in/oidc/callback";
/// Somebody came from the provider whose address has an account.
pub const OIDC_ARRIVED: &str = "/sign-in/oidc/arrived";
/// To prove by the provider who one is.
pub const OIDC_PROVE: &str = "/account/prove/oidc";
/// The page from which a sign-in is linked.
pub const IDENTITY_NEW: &str = "/account/identities/new";
/// From there to the provider.
pub const IDENTITY_SET_OUT: &str = "/account/identities/set-out";
/// To link who came back from there.
pub const IDENTITY_CONFIRM: &str = "/account/identities/confirm";
/// Letters of this instance, for its operators.
pub const OUTBOX: &str = "/operator/outbox";
/// What is known of the items of checks, for operators: aggregates only.
pub const OPERATOR_ITEMS: &str = "/operator/items";
/// Work that is done by itself, for operators.
pub const OPERATOR_JOBS: &str = "/operator/jobs";
/// To sign in.
pub const SIGN_IN: &str = "/sign-in";
/// To prove again who one is, before a sensitive act.
pub const PROVE_AGAIN: &str = "/account/prove";

/// An address that leads back to another one of this site.
pub fn with_return(to: &str, back: &str) -> String {
    format!("{to}?back={}", encode(back, true))
}

macro_rules! urls {
    ($($(#[$doc:meta])+ $name:ident { $($field:ident),+ } = $pattern:literal;)+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'a> { $(#[allow(missing_docs)] pub $field: &'a str),+ }

        impl $name<'_> {
            /// What the router matches.
            pub const PATTERN: &'static str = $pattern;

            /// The address with its parameters, percent-encoded.
            pub fn to_url(self) -> String {
                fill(Self::PATTERN, &[$((stringify!($field), self.$field)),+])
            }
        }
    )+};
}

urls! {
    /// A guide's contents.
    GuideUrl { guide } = "/guides/{guide}";
    /// Search within a guide.
    GuideSearchUrl { guide } = "/guides/{guide}/search";
    /// A section of a guide.
    SectionUrl { guide, section } = "/guides/{guide}/{section}";
    /// A proof by itself.
    ProofUrl { guide, proof } = "/guides/{guide}/proofs/{proof}";
    /// Runs of a proof.
    ProofRunUrl { guide, proof } = "/guides/{guide}/proofs/{proof}/run";
    /// A role with its levels.
    RoleUrl { role } = "/roles/{role}";
    /// Hiring for a role.
    HiringUrl { role } = "/companies/hire/{role}";
    /// What candidates ask, or employers, with answers.
    AnswersUrl { asker } = "/answers/{asker}";
    /// A quick question; without a variant it leads to one.
    QuickUrl { question } = "/questions/{question}";
    /// A proof of a quick question by itself.
    QuickProofUrl { question, proof } = "/questions/{question}/proofs/{proof}";
    /// Runs of a quick question's proof.
    QuickProofRunUrl { question, proof } = "/questions/{question}/proofs/{proof}/run";
    /// What a skill check is like.
    CheckUrl { check } = "/checks/{check}";
    /// To begin one.
    CheckBeginUrl { check } = "/checks/{check}/begin";
    /// One's own check: what it waits for, or what came of it.
    AttemptUrl { attempt } = "/attempts/{attempt}";
    /// Stops its clock.
    AttemptPauseUrl { attempt } = "/attempts/{attempt}/pause";
    /// Lets it run again.
    AttemptResumeUrl { attempt } = "/attempts/{attempt}/resume";
    /// Ends it.
    AttemptStopUrl { attempt } = "/attempts/{attempt}/stop";
    /// Whether its owner is told a level.
    AttemptQuietUrl { attempt } = "/attempts/{attempt}/quiet";
    /// Deletes it.
    AttemptDeleteUrl { attempt } = "/attempts/{attempt}/delete";
    /// One thing that was asked: to answer it, and to look at it afterwards.
    AttemptItemUrl { attempt, place } = "/attempts/{attempt}/items/{place}";
    /// Puts it aside as met before.
    AttemptKnownUrl { attempt, place } = "/attempts/{attempt}/items/{place}/known";
    /// Runs of a task within a check.
    AttemptRunsUrl { attempt, place } = "/attempts/{attempt}/items/{place}/runs";
    /// Keeps what is written in it.
    AttemptDraftUrl { attempt, place } = "/attempts/{attempt}/items/{place}/draft";
    /// Takes it as done.
    AttemptHandInUrl { attempt, place } = "/attempts/{attempt}/items/{place}/hand-in";
    /// Answers about one's own code.
    AttemptExplainUrl { attempt, place } = "/attempts/{attempt}/items/{place}/explain";
    /// To make a signal of it.
    AttemptSignalUrl { attempt } = "/attempts/{attempt}/signal";
    /// A field of one's profile.
    ProfileFieldUrl { field } = "/profile/fields/{field}";
    /// A signal of one's own.
    SignalUrl { signal } = "/signals/{signal}";
    /// Takes it back.
    SignalWithdrawUrl { signal } = "/signals/{signal}/withdraw";
    /// It as an Open Badge.
    SignalBadgeUrl { signal } = "/signals/{signal}/badge";
    /// A grant of one's own.
    GrantUrl { grant } = "/grants/{grant}";
    /// Leaves only some of it.
    GrantNarrowUrl { grant } = "/grants/{grant}/narrow";
    /// Ends it.
    GrantRevokeUrl { grant } = "/grants/{grant}/revoke";
    /// Its credential of a signal, as a file.
    GrantWalletUrl { grant, signal } = "/grants/{grant}/signals/{signal}/wallet";
    /// Lifts the block of a company.
    BlockLiftUrl { company } = "/blocks/{company}/lift";
    /// What the bearer of a link sees.
    SharedUrl { token } = "/shared/{token}";
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
    /// The job boards from which a company's vacancies come in.
    CompanyBoardsUrl { company } = "/companies/{company}/boards";
    /// Where a file is brought.
    BoardFileUrl { company } = "/companies/{company}/boards/file";
    /// What a board or a file holds, to choose from.
    PreviewUrl { company, preview } = "/companies/{company}/boards/previews/{preview}";
    /// One board, and what was made of it.
    BoardUrl { company, board } = "/companies/{company}/boards/{board}";
    /// Looks at it now.
    BoardLookUrl { company, board } = "/companies/{company}/boards/{board}/look";
    /// Closes what is missing there.
    BoardCloseMissingUrl { company, board } = "/companies/{company}/boards/{board}/close-missing";
    /// Forgets it.
    BoardRemoveUrl { company, board } = "/companies/{company}/boards/{board}/remove";
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
    /// How a company stands here, for its people.
    CompanyHomeUrl { company } = "/companies/{company}";
    /// Acts for it no longer.
    CompanyLeaveUrl { company } = "/companies/{company}/leave";
    /// How it shows who it is.
    CompanyProofsUrl { company } = "/companies/{company}/proofs";
    /// Draws what is to be found under its domain.
    CompanyChallengeUrl { company } = "/companies/{company}/proofs/challenge";
    /// Looks for it in DNS.
    CompanyDnsUrl { company } = "/companies/{company}/proofs/dns";
    /// Looks for it in a file.
    CompanyFileUrl { company } = "/companies/{company}/proofs/file";
    /// Sends a letter to a work address.
    CompanyMailUrl { company } = "/companies/{company}/proofs/mail";
    /// The link in it.
    CompanyMailLinkUrl { company, token } = "/companies/{company}/proofs/mail/{token}";
    /// States an LEI.
    CompanyLeiUrl { company } = "/companies/{company}/proofs/lei";
    /// Who acts for it.
    CompanyPeopleUrl { company } = "/companies/{company}/people";
    /// One of them.
    CompanyPersonUrl { company, person } = "/companies/{company}/people/{person}";
    /// Takes an invitation back.
    CompanyInvitationUrl { company, invitation } = "/companies/{company}/invitations/{invitation}";
    /// What it says of itself.
    CompanyEditUrl { company } = "/companies/{company}/page";
    /// The link of an invitation.
    InvitationUrl { token } = "/invitations/{token}";
    /// A verified company, for everybody.
    CompanyUrl { domain } = "/company/{domain}";
    /// Who granted something to a company.
    CompanyCandidatesUrl { company } = "/companies/{company}/candidates";
    /// One of them.
    CandidateUrl { company, candidate } = "/companies/{company}/candidates/{candidate}";
    /// Candidates who opened something to a company, searched.
    CompanyPoolUrl { company } = "/companies/{company}/pool";
    /// Searches of them that somebody of the company wants to hear of.
    PoolSearchesUrl { company } = "/companies/{company}/pool/searches";
    /// Deletes one.
    PoolSearchDeleteUrl { company, search } = "/companies/{company}/pool/searches/{search}/delete";
    /// Some of them side by side.
    CompareUrl { company } = "/companies/{company}/compare";
    /// A proof of one of their signals.
    CandidateProofUrl { company, candidate, nth } = "/companies/{company}/candidates/{candidate}/signals/{nth}/proof";
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
    /// A company's conversations.
    CompanyIntroductionsUrl { company } = "/companies/{company}/introductions";
    /// One of them.
    CompanyIntroductionUrl { company, introduction } = "/companies/{company}/introductions/{introduction}";
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
    /// To ask a candidate for an introduction.
    CandidateAskUrl { company, candidate } = "/companies/{company}/candidates/{candidate}/ask";
    /// To apply for a vacancy.
    VacancyApplyUrl { vacancy } = "/vacancies/{vacancy}/apply";
    /// Conversations to which one was asked.
    CompanyInterviewsUrl { company } = "/companies/{company}/interviews";
    /// The kit of a conversation, for whoever talks to its candidate.
    CompanyKitUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit";
    /// How long it is, and whether its candidate reads the plan.
    KitSettleUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit/plan";
    /// Who talks to its candidate.
    KitAskUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit/people";
    /// One's own sheet, and all of them in the end.
    KitScoreUrl { company, introduction } = "/companies/{company}/introductions/{introduction}/kit/score";
    /// The plan of an interview, for its candidate.
    OwnKitUrl { introduction } = "/introductions/{introduction}/kit";
    /// A company, for operators.
    OperatorCompanyUrl { company } = "/operator/companies/{company}";
    /// Invites an owner, where there is none any more.
    CompanyOwnerUrl { company } = "/operator/companies/{company}/owner";
    /// Suspends it.
    CompanySuspendUrl { company } = "/operator/companies/{company}/suspend";
    /// Lifts that.
    CompanyLiftUrl { company } = "/operator/companies/{company}/lift";
    /// Verifies a company.
    CompanyVerifyUrl { company } = "/operator/companies/{company}/verify";
    /// Takes it back.
    CompanyUnverifyUrl { company } = "/operator/companies/{company}/unverify";
    /// A file of its project.
    AttemptFileUrl { attempt, place, path } = "/attempts/{attempt}/items/{place}/files/{*path}";
    /// A link that makes an account.
    JoinUrl { token } = "/join/{token}";
    /// A link that sets a password.
    ResetUrl { token } = "/reset/{token}";
    /// Ends a session.
    SessionEndUrl { session } = "/account/sessions/{session}/end";
    /// One of one's passkeys.
    PasskeyUrl { passkey } = "/account/passkeys/{passkey}";
    /// Removes it.
    PasskeyRemoveUrl { passkey } = "/account/passkeys/{passkey}/remove";
    /// A link that links a sign-in.
    IdentityLinkUrl { token } = "/sign-in/oidc/link/{token}";
    /// Unlinks one.
    IdentityUnlinkUrl { identity } = "/account/identities/{identity}/unlink";
    /// The link that makes the first operator.
    FirstOperatorUrl { token } = "/operator/first/{token}";
    /// Asks an item no longer.
    ItemFreezeUrl { item } = "/operator/items/{item}/freeze";
    /// Asks it again.
    ItemThawUrl { item } = "/operator/items/{item}/thaw";
    /// Has a job run now that waits or was given up.
    JobRetryUrl { job } = "/operator/jobs/{job}/retry";
    /// Removes it.
    JobForgetUrl { job } = "/operator/jobs/{job}/forget";
    /// A task; without a variant it leads to one.
    TaskUrl { task } = "/tasks/{task}";
    /// Runs of a task.
    TaskRunsUrl { task } = "/tasks/{task}/runs";
    /// A file of a task's project.
    TaskFileUrl { task, path } = "/tasks/{task}/files/{*path}";
}

/// A path below an address.
pub fn below(url: &str, path: &str) -> String {
    format!("{url}/{}", encode(path, true))
}

/// An address in one variant.
pub fn in_variant(url: &str, seed: u64) -> String {
    format!("{url}?variant={seed}")
}

/// A task in one variant.
pub fn variant_url(task: &str, seed: u64) -> String {
    in_variant(&TaskUrl { task }.to_url(), seed)
}

/// A quick question in one variant.
pub fn quick_url(question: &str, seed: u64) -> String {
    in_variant(&QuickUrl { question }.to_url(), seed)
}

/// A competency's place in the list of quick questions.
pub fn questions_on(competency: &str) -> String {
    format!("{QUESTIONS}#{competency}")
}

/// A file of a task's project in one variant.
pub fn variant_file_url(task: &str, path: &str, seed: u64) -> String {
    in_variant(&TaskFileUrl { task, path }.to_url(), seed)
}

/// A question on its section's page.
pub fn question_url(guide: &str, section: &str, question: &str) -> String {
    format!("{}#{question}", SectionUrl { guide, section }.to_url())
}

/// A value in the query part of an address.
pub(crate) fn encode_value(text: &str) -> String {
    encode(text, false)
}

/// A question about the product on its page.
pub fn answer_url(asker: &str, question: &str) -> String {
    format!("{}#{question}", AnswersUrl { asker }.to_url())
}

fn fill(pattern: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = pattern.to_owned();
    for (name, value) in parameters {
        url = url.replace(&format!("{{{name}}}"), &encode(value, false));
        url = url.replace(&format!("{{*{name}}}"), &encode(value, true));
    }
    url
}

/// Percent-encodes all but the unreserved characters of RFC 3986, and slashes if they are to stay.
fn encode(text: &str, keep_slashes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if keep_slashes => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded() {
        assert_eq!(SectionUrl { guide: "django", section: "a/b c" }.to_url(), "/guides/django/a%2Fb%20c");
        assert_eq!(variant_file_url("t", "lists/urls é.py", 7), "/tasks/t/files/lists/urls%20%C3%A9.py?variant=7");
    }
}
