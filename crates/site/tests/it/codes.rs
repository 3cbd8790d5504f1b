//! What stands in rows keeps its name: an id is made of its member's name, so a member that is called otherwise is another id.

use jobfuture_codes::Code;
use jobfuture_disclosure::MemberRole;
use jobfuture_pool::{Fluency, Hours, Taken};
use jobfuture_site::check::{Condition, EndedBy};
use jobfuture_site::company::Method;
use jobfuture_site::introduction::{Declined, Deed, Outcome, Side, Stage};
use jobfuture_site::vacancy::{ClosedFor, Employment, Opening, Period, Remote, ReportedFor, Screening, State};

/// Ids in their order, each of which is read as it was written.
fn ids<C: Code + PartialEq>() -> String {
    assert!(C::ALL.iter().all(|one| C::parse(one.id()) == Some(*one)));
    C::ALL.iter().map(|one| one.id()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_stands_in_rows_keeps_its_name() {
    let kept = [
        (ids::<State>(), "draft open closed"),
        (ids::<Remote>(), "onsite hybrid remote"),
        (ids::<Employment>(), "full-time part-time temporary contractor internship"),
        (ids::<Period>(), "year month week day hour"),
        (ids::<Opening>(), "now later"),
        (ids::<Screening>(), "none sorts decides"),
        (ids::<ClosedFor>(), "filled-here filled withdrawn date silence unverified gone rules"),
        (ids::<ReportedFor>(), "fake money terms discriminates other"),
        (ids::<Declined>(), "pay level competencies place timing work filled other"),
        (ids::<Outcome>(), "hired offer-declined competencies pay conditions filled dropped other"),
        (
            ids::<Deed>(),
            "requested applied accepted asked answered declined withdrew wrote offered agreed none-fits took-back \
             called-off showed closed lapsed",
        ),
        (ids::<Side>(), "candidate company"),
        (ids::<Stage>(), "asked inquired open ended"),
        (ids::<Method>(), "dns file mail lei review"),
        (ids::<MemberRole>(), "owner recruiter interviewer"),
        (ids::<Condition>(), "unaided own-tools practice"),
        (ids::<EndedBy>(), "settled full time used-up stopped"),
        (ids::<jobfuture_pool::Remote>(), "office hybrid remote"),
        (ids::<Hours>(), "full-time part-time contract"),
        (ids::<Fluency>(), "basic working fluent first"),
        (ids::<Taken>(), "practice unaided own-tools provided-assistant witnessed"),
    ];
    for (ids, kept) in kept {
        assert_eq!(ids, kept);
    }
    assert_eq!(Declined::parse("hired"), None, "that is an outcome, and no reason to say no");
}
