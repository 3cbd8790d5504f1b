//! Which rows are in reach of a viewer: private rows are selected through the grants that open them, and in no other way.

use super::Terms;
use crate::keyring::listed;
use crate::keys::Viewer;
use crate::{Error, Fact, Field};
use jiff::Timestamp;
use jobfuture_db::{Snapshot, Tx, Value, params, record};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

record! {
    #[derive(Clone)]
    pub(crate) struct GrantInForce {
        pub id: Uuid,
        pub account: Uuid,
        pub company: Option<Uuid>,
        /// For the pool.
        pub role: Option<String>,
        pub purpose: String,
        pub made_at: Timestamp,
        pub expires_at: Timestamp,
        /// When the conversation ends by itself that it was made for.
        pub talk_due_at: Option<Timestamp>,
    }
}

record! {
    #[derive(Clone)]
    pub(super) struct FieldRow { pub account: Uuid, pub grant_id: Uuid, pub field: String, pub sealed: Option<Vec<u8>> }
}

record! {
    #[derive(Clone)]
    pub(super) struct SignalRow {
        pub account: Uuid,
        pub grant_id: Uuid,
        pub id: Uuid,
        pub sealed: Vec<u8>,
        pub expires_at: Timestamp,
    }
}

/// What holds of a grant `g` as long as the conversation goes on that it was made for, if there is one, at the time `$1`. Its turn ends
/// at a second, and so does the grant: whoever writes down that it has ended may come minutes later. A grant to the pool or by a link is
/// of no conversation, and is not looked for there.
pub(crate) const TALK_GOES_ON: &str = "(g.audience <> 'company' or not exists (select 1 from introduction_grant t
   join introduction i on i.id = t.introduction where t.grant_id = g.id and (i.due_at is null or i.due_at <= $1)))";

/// When the conversation ends by itself that a grant `g` was made for. Nothing for other grants, and for one that is over.
pub(crate) const TALK_DUE_AT: &str =
    "(select min(i.due_at) from introduction_grant t join introduction i on i.id = t.introduction
   where t.grant_id = g.id) as talk_due_at";

/// What must hold of a grant `g` for it to open anything to a viewer, at the time `$1`. Each is named, so that a test can take
/// one away and see the difference noticed. `$2` is the company, the role, the
/// token's hash or the grant; for an interview `$3` is the conversation, and `$4` who looks.
pub(crate) fn clauses(viewer: &Viewer) -> Vec<(&'static str, &'static str)> {
    let mut clauses = vec![
        ("it was not revoked", "g.revoked_at is null"),
        ("it has not expired", "g.expires_at > $1"),
        ("the conversation that it was made for goes on", TALK_GOES_ON),
        (
            "its candidate is not leaving",
            "not exists (select 1 from account a where a.id = g.account and a.leaves_at is not null)",
        ),
    ];
    match viewer {
        Viewer::Company { .. } | Viewer::Interview { .. } => clauses.extend([
            (
                "it is to this company, or to a pool that the company looks into",
                "(g.audience = 'company' and g.company = $2
                  or g.audience = 'pool' and g.role in (select role from company_focus where company = $2))",
            ),
            (
                "the company is verified",
                "exists (select 1 from company c where c.id = $2 and c.verified_at is not null and c.verified_until > $1)",
            ),
            (
                "the company is not blocked",
                "not exists (select 1 from company_block b where b.account = g.account and b.company = $2)",
            ),
            (
                "the candidate is not of the company",
                "not exists (select 1 from company_member m where m.account = g.account and m.company = $2)",
            ),
        ]),
        Viewer::Pool => clauses.push(("it is for companies", "g.audience in ('company', 'pool') and g.audience <> $2")),
        Viewer::AnyInPool { .. } => clauses.push(("it is to the pool", "g.audience = 'pool' and g.role = $2")),
        Viewer::Bearer(_) => clauses.extend([
            ("it is the link's", "g.audience = 'link' and g.token_hash = $2"),
            ("the link was not used up", "g.opened < g.opens_at_most"),
        ]),
        Viewer::BearerOf(_) => clauses.push(("it is the link's", "g.audience = 'link' and g.id = $2")),
    }
    if let Viewer::Interview { .. } = viewer {
        clauses.extend([
            (
                "its candidate and the company talk",
                "exists (select 1 from introduction i where i.id = $3 and i.account = g.account and i.company = $2
                   and i.stage = 'open' and i.due_at > $1)",
            ),
            // Whoever sees candidates without being asked is told by `Act::roles`; a test holds the two together.
            (
                "who looks was asked to the talk, or sees candidates anyway",
                "exists (select 1 from company_member m where m.company = $2 and m.account = $4
                   and (m.role in ('owner', 'recruiter') or exists (select 1 from introduction_interviewer w
                        where w.introduction = $3 and w.account = m.account)))",
            ),
        ]);
    }
    clauses
}

pub(super) fn in_force(viewer: &Viewer, left_out: Option<&str>) -> String {
    let all = clauses(viewer);
    let kept = all.iter().filter(|(name, _)| Some(*name) != left_out).map(|(_, sql)| *sql);
    // All parameters are named in any case: an engine refuses one that no statement has.
    let mut named = "$2 is not null".to_owned();
    for at in 0..besides(viewer).len() {
        named.push_str(&format!(" and ${} is not null", at + 3));
    }
    format!("{} and {named}", kept.collect::<Vec<_>>().join(" and "))
}

/// The viewer's parameters behind the first two.
fn besides(viewer: &Viewer) -> Vec<Value<'static>> {
    match viewer {
        Viewer::Interview { introduction, member, .. } => vec![Value::Uuid(*introduction), Value::Uuid(*member)],
        _ => Vec::new(),
    }
}

/// The viewer's own parameter.
fn subject(viewer: &Viewer) -> Value<'_> {
    match viewer {
        Viewer::Company { id } | Viewer::Interview { company: id, .. } | Viewer::BearerOf(id) => Value::Uuid(*id),
        Viewer::AnyInPool { role } => Value::Text(role.into()),
        Viewer::Pool => Value::Text("link".into()),
        Viewer::Bearer(hash) => Value::Bytes(hash.into()),
    }
}

/// What the rows of one candidate say, before they are opened.
#[derive(Default)]
pub(crate) struct Rows {
    pub account: Uuid,
    pub grants: Vec<GrantInForce>,
    pub(super) fields: Vec<FieldRow>,
    pub(super) signals: Vec<SignalRow>,
}

impl Rows {
    /// Those of one of the grants alone.
    pub fn of_grant(&self, grant: &GrantInForce) -> Self {
        Self {
            account: self.account,
            grants: vec![grant.clone()],
            fields: self.fields.iter().filter(|row| row.grant_id == grant.id).cloned().collect(),
            signals: self.signals.iter().filter(|row| row.grant_id == grant.id).cloned().collect(),
        }
    }

    /// When the first of them ends: a grant, the conversation that it was made for, or a signal that one opens.
    pub fn first_end(&self) -> Option<Timestamp> {
        let grants = self.grants.iter().flat_map(|row| [Some(row.expires_at), row.talk_due_at]).flatten();
        grants.chain(self.signals.iter().map(|row| row.expires_at)).min()
    }
}

/// Accounts that open something to a viewer, the first so many behind one of them.
pub(crate) fn next_accounts(
    snapshot: &mut Snapshot<'_>,
    viewer: &Viewer,
    (after, most): (Uuid, i64),
    now: Timestamp,
    left_out: Option<&str>,
) -> Result<Vec<Uuid>, Error> {
    let condition = in_force(viewer, left_out);
    let sql = format!(
        "select distinct g.account from disclosure_grant g where {condition} and g.account > $3 order by g.account limit $4"
    );
    let values = [Value::Time(now), subject(viewer), Value::Uuid(after), Value::Int(most)];
    let found: Vec<(Uuid,)> = snapshot.all(&sql, &values)?;
    Ok(found.into_iter().map(|(account,)| account).collect())
}

/// Selects the rows of candidates, or of whoever it is, that are in reach of a viewer, by account: private rows are joined to the
/// grants that open them.
pub(crate) fn select(
    snapshot: &mut Snapshot<'_>,
    viewer: &Viewer,
    accounts: Option<&[Uuid]>,
    now: Timestamp,
    left_out: Option<&str>,
) -> Result<Vec<Rows>, Error> {
    let mut values = vec![Value::Time(now), subject(viewer)];
    values.extend(besides(viewer));
    let mut condition = in_force(viewer, left_out);
    if let Some(accounts) = accounts {
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let (places, ids) = listed(accounts, values.len() + 1);
        condition.push_str(&format!(" and g.account in ({places})"));
        values.extend(ids);
    }
    let sql = format!(
        "select g.id, g.account, g.company, g.role, g.purpose, g.made_at, g.expires_at, {TALK_DUE_AT} from disclosure_grant g
         where {condition} order by g.id"
    );
    let grants: Vec<GrantInForce> = snapshot.all(&sql, &values)?;
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select g.account, gf.grant_id, gf.field, pf.sealed from disclosure_grant g
         join grant_field gf on gf.grant_id = g.id
         left join profile_field pf on pf.account = g.account and pf.field = gf.field where {condition}"
    );
    let fields: Vec<FieldRow> = snapshot.all(&sql, &values)?;
    let sql = format!(
        "select g.account, gs.grant_id, s.id, s.sealed, s.expires_at from disclosure_grant g
         join grant_signal gs on gs.grant_id = g.id
         join signal s on s.id = gs.signal and s.account = g.account and s.withdrawn_at is null and s.expires_at > $1
         where {condition} order by g.id"
    );
    let signals: Vec<SignalRow> = snapshot.all(&sql, &values)?;
    let mut by_account: BTreeMap<Uuid, Rows> = BTreeMap::new();
    fn of(rows: &mut BTreeMap<Uuid, Rows>, account: Uuid) -> &mut Rows {
        rows.entry(account).or_insert_with(|| Rows { account, ..Rows::default() })
    }
    grants.into_iter().for_each(|row| of(&mut by_account, row.account).grants.push(row));
    fields.into_iter().for_each(|row| of(&mut by_account, row.account).fields.push(row));
    signals.into_iter().for_each(|row| of(&mut by_account, row.account).signals.push(row));
    Ok(by_account.into_values().collect())
}

/// Whether a company sees anything of somebody now, within a transaction: by the same conditions as the door. What it sees is told by
/// [`Disclosure::see`] alone.
///
/// # Errors
/// The database's.
pub fn company_sees(tx: &mut Tx<'_>, company: Uuid, account: Uuid, now: Timestamp) -> Result<bool, Error> {
    let viewer = Viewer::Company { id: company };
    let condition = in_force(&viewer, None);
    let sql = format!("select g.id from disclosure_grant g where {condition} and g.account = $3 limit 1");
    let found: Option<(Uuid,)> = tx.optional(&sql, params![now, company, account])?;
    Ok(found.is_some())
}

/// What a candidate is about to grant, as if it were granted.
pub(super) struct AsIf {
    pub facts: BTreeSet<Fact>,
    pub terms: Terms,
}

/// Adds to what a viewer sees of somebody what a grant of these facts would open besides.
pub(super) fn select_as_if(
    snapshot: &mut Snapshot<'_>,
    rows: Option<Rows>,
    account: Uuid,
    as_if: &AsIf,
    now: Timestamp,
) -> Result<Rows, Error> {
    let mut rows = rows.unwrap_or_else(|| Rows { account, ..Rows::default() });
    let (grant_id, terms) = (Uuid::nil(), as_if.terms.clone());
    rows.grants.push(GrantInForce {
        id: grant_id,
        account,
        company: None,
        role: None,
        purpose: terms.purpose,
        made_at: now,
        expires_at: terms.until,
        talk_due_at: None,
    });
    let filled: Vec<(String, Vec<u8>)> =
        snapshot.all("select field, sealed from profile_field where account = $1", params![account])?;
    let sealed = |field: Field| filled.iter().find(|(id, _)| id == field.id()).map(|(_, sealed)| sealed.clone());
    let sql = "select id, sealed, expires_at from signal
               where account = $1 and withdrawn_at is null and expires_at > $2";
    let signals: Vec<(Uuid, Vec<u8>, Timestamp)> = snapshot.all(sql, params![account, now])?;
    for fact in &as_if.facts {
        if let Fact::Field(field) = fact {
            rows.fields.push(FieldRow { account, grant_id, field: field.id().to_owned(), sealed: sealed(*field) });
        }
    }
    let granted = signals.into_iter().filter(|(id, ..)| as_if.facts.contains(&Fact::Signal(*id)));
    rows.signals.extend(granted.map(|(id, sealed, expires_at)| SignalRow {
        account,
        grant_id,
        id,
        sealed,
        expires_at,
    }));
    Ok(rows)
}
