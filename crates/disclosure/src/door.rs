//! The one door: everything that anybody sees of a candidate is a [`Seen`], which one function here makes of (candidate,
//! grants, viewer). It writes the view log before it hands anything out.

use crate::keys::Viewer;
use crate::view::Through;
use crate::{
    Act, AsCompany, Disclosure, Error, Evidence, Fact, Field, FieldValue, Grant, OwnerKey, PreviewFor, Private,
    SignalBody, Token, profile, signal,
};
use jiff::Timestamp;
use jobfuture_credential::Signal;
use jobfuture_db::{Snapshot, Tx, Value, params, record};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What one viewer sees of one candidate at one moment. It has no public constructor: [`Disclosure`] makes it.
///
/// ```compile_fail
/// let forged = jobfuture_disclosure::Seen { fields: Vec::new(), ..todo!() };
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    name: CandidateName,
    fields: BTreeMap<Field, FieldValue>,
    signals: Vec<SeenSignal>,
    terms: Vec<Terms>,
    /// Whether names of employers and schools are among the fields.
    names_organisations: bool,
}

/// A signal that a viewer sees.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenSignal {
    says: Signal,
    evidence: Vec<Evidence>,
    expires_at: Timestamp,
    pub(crate) grant: Uuid,
    pub(crate) id: Uuid,
}

/// What a grant says beside what it opens: what for, and until when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    /// In the candidate's words.
    pub purpose: String,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// By which a viewer knows a candidate. Another viewer knows the same person by another name, and none tells anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CandidateName([u8; 16]);

impl CandidateName {
    /// One from an address; nothing if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_plain.then(|| Uuid::try_parse(text).ok()).flatten().map(|uuid| Self(uuid.into_bytes()))
    }

    pub(crate) fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// A few letters of it, to call somebody by who showed no name.
    pub fn short(&self) -> String {
        let letters = b"ACDEFGHJKLMNPQRTUVWXY34679";
        self.0.iter().take(5).map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect()
    }
}

impl std::fmt::Display for CandidateName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Uuid::from_bytes(self.0).simple())
    }
}

impl Seen {
    /// By which the viewer knows them, in addresses.
    pub fn name(&self) -> CandidateName {
        self.name
    }

    /// What to call them: their name or handle if the viewer may see one, and letters otherwise.
    pub fn called(&self) -> String {
        let first = |field: Field, key: &str| self.fields.get(&field)?.entries().first()?.get(key).cloned();
        first(Field::Name, "name")
            .or_else(|| first(Field::Handle, "handle"))
            .unwrap_or_else(|| format!("Candidate {}", self.name.short()))
    }

    /// The fields that were granted and hold something, in the order of the profile.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &FieldValue)> {
        self.fields.iter().map(|(field, value)| (*field, value))
    }

    /// One of them.
    pub fn field(&self, field: Field) -> Option<&FieldValue> {
        self.fields.get(&field)
    }

    /// The signals that were granted, the latest first.
    pub fn signals(&self) -> &[SeenSignal] {
        &self.signals
    }

    /// On what terms.
    pub fn terms(&self) -> &[Terms] {
        &self.terms
    }

    /// Names of what is shown, for the log.
    pub(crate) fn facts(&self) -> Vec<String> {
        let fields = self.fields.keys().map(|field| field.id().to_owned());
        let names = self.names_organisations.then(|| Field::Organisations.id().to_owned());
        fields.chain(names).chain(self.signals.iter().map(|signal| format!("signal {}", signal.id))).collect()
    }
}

impl SeenSignal {
    /// What it says.
    pub fn says(&self) -> &Signal {
        &self.says
    }

    /// Code that its candidate attached.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Until when it is valid.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

record! {
    struct GrantInForce { id: Uuid, account: Uuid, purpose: String, expires_at: Timestamp }
}

record! {
    struct FieldRow { grant_id: Uuid, field: String, sealed: Option<Vec<u8>> }
}

record! {
    struct SignalRow { grant_id: Uuid, id: Uuid, sealed: Vec<u8>, expires_at: Timestamp }
}

/// What must hold of a grant `g` for it to open anything to a viewer, at the time `$1`. Each is named, so that a test can take
/// one away and see the difference noticed. `$2` is the company, the role, the
/// token's hash or the grant; for an interview `$3` is the conversation, and `$4` who looks.
pub(crate) fn clauses(viewer: &Viewer) -> Vec<(&'static str, &'static str)> {
    let mut clauses = vec![
        ("it was not revoked", "g.revoked_at is null"),
        ("it has not expired", "g.expires_at > $1"),
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

fn in_force(viewer: &Viewer, left_out: Option<&str>) -> String {
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
        Viewer::Bearer(hash) => Value::Bytes(hash.into()),
    }
}

/// What the rows of one candidate say, before they are opened.
struct Rows {
    account: Uuid,
    grants: Vec<GrantInForce>,
    fields: Vec<FieldRow>,
    signals: Vec<SignalRow>,
}

/// Selects the rows of one candidate that are in reach of a viewer: private rows are joined to the grants that open them.
fn select(
    snapshot: &mut Snapshot<'_>,
    viewer: &Viewer,
    account: Option<Uuid>,
    now: Timestamp,
    left_out: Option<&str>,
) -> Result<Option<Rows>, Error> {
    let mut values = vec![Value::Time(now), subject(viewer)];
    values.extend(besides(viewer));
    let mut condition = in_force(viewer, left_out);
    if let Some(account) = account {
        values.push(Value::Uuid(account));
        condition.push_str(&format!(" and g.account = ${}", values.len()));
    }
    let sql = format!(
        "select g.id, g.account, g.purpose, g.expires_at from disclosure_grant g where {condition} order by g.id"
    );
    let grants: Vec<GrantInForce> = snapshot.all(&sql, &values)?;
    let Some(account) = grants.first().map(|grant| grant.account) else { return Ok(None) };
    let sql = format!(
        "select gf.grant_id, gf.field, pf.sealed from disclosure_grant g join grant_field gf on gf.grant_id = g.id
         left join profile_field pf on pf.account = g.account and pf.field = gf.field where {condition}"
    );
    let fields = snapshot.all(&sql, &values)?;
    let sql = format!(
        "select gs.grant_id, s.id, s.sealed, s.expires_at from disclosure_grant g join grant_signal gs on gs.grant_id = g.id
         join signal s on s.id = gs.signal and s.account = g.account and s.withdrawn_at is null and s.expires_at > $1
         where {condition} order by g.id"
    );
    let signals = snapshot.all(&sql, &values)?;
    Ok(Some(Rows { account, grants, fields, signals }))
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
struct AsIf {
    facts: BTreeSet<Fact>,
    terms: Terms,
}

/// Adds to what a viewer sees of somebody what a grant of these facts would open besides.
fn select_as_if(
    snapshot: &mut Snapshot<'_>,
    rows: Option<Rows>,
    account: Uuid,
    as_if: &AsIf,
    now: Timestamp,
) -> Result<Rows, Error> {
    let mut rows = rows.unwrap_or_else(|| Rows { account, grants: vec![], fields: vec![], signals: vec![] });
    let (grant_id, terms) = (Uuid::nil(), as_if.terms.clone());
    rows.grants.push(GrantInForce { id: grant_id, account, purpose: terms.purpose, expires_at: terms.until });
    let filled: Vec<(String, Vec<u8>)> =
        snapshot.all("select field, sealed from profile_field where account = $1", params![account])?;
    let sealed = |field: Field| filled.iter().find(|(id, _)| id == field.id()).map(|(_, sealed)| sealed.clone());
    let sql = "select id, sealed, expires_at from signal
               where account = $1 and withdrawn_at is null and expires_at > $2";
    let signals: Vec<(Uuid, Vec<u8>, Timestamp)> = snapshot.all(sql, params![account, now])?;
    for fact in &as_if.facts {
        if let Fact::Field(field) = fact {
            rows.fields.push(FieldRow { grant_id, field: field.id().to_owned(), sealed: sealed(*field) });
        }
    }
    let granted = signals.into_iter().filter(|(id, ..)| as_if.facts.contains(&Fact::Signal(*id)));
    rows.signals.extend(granted.map(|(id, sealed, expires_at)| SignalRow { grant_id, id, sealed, expires_at }));
    Ok(rows)
}

impl Disclosure {
    /// What a company sees of a candidate whom it knows by this name; nothing if that is nothing, for whatever reason.
    /// Its candidate's log says so afterwards. Somebody whose role there does not see candidates sees nothing.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn see(&self, viewer: &AsCompany, name: CandidateName) -> Result<Option<Seen>, Error> {
        let Some((account, seen)) = self.look_as(viewer, name).await? else { return Ok(None) };
        self.log(account, Through::page(viewer), &seen).await?;
        Ok(Some(seen))
    }

    /// Everybody of whom a company sees something, in an order that says nothing.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn list(&self, viewer: &AsCompany) -> Result<Vec<Seen>, Error> {
        if !viewer.may(Act::Candidates) {
            return Ok(Vec::new());
        }
        let (id, now) = (viewer.company, self.now());
        let left_out = self.left_out();
        let accounts: Vec<(Uuid,)> = self
            .db()
            .read(move |snapshot| {
                let condition = in_force(&Viewer::Company { id }, left_out);
                let sql = format!("select distinct g.account from disclosure_grant g where {condition}");
                snapshot.all(&sql, params![now, id])
            })
            .await
            .map_err(|error: jobfuture_db::Error| Error::from(error))?;
        let mut all = Vec::new();
        for (account,) in accounts {
            // What cannot be opened is not there; one person's damaged row must not hide all the others.
            let (account, seen) = match self.look(Viewer::Company { id }, id, Some(account)).await {
                Ok(Some(found)) => found,
                Ok(None) | Err(Error::Key(_) | Error::Row(_)) => continue,
                Err(error) => return Err(error),
            };
            self.log(account, Through::list(viewer), &seen).await?;
            all.push(seen);
        }
        all.sort_unstable_by_key(|seen| seen.name);
        Ok(all)
    }

    /// What somebody who talks to the candidate of an open conversation sees of them: an interviewer if they were asked to it, and whoever
    /// sees candidates at that company. Nothing for everybody else, and where nothing is granted any more. Its candidate's log says so
    /// afterwards.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn see_for_interview(&self, viewer: &AsCompany, introduction: Uuid) -> Result<Option<Seen>, Error> {
        if !viewer.may(Act::Interviews) {
            return Ok(None);
        }
        let company = viewer.company;
        let talk = Viewer::Interview { company, introduction, member: viewer.member };
        let Some((account, seen)) = self.look(talk, company, None).await? else { return Ok(None) };
        self.log(account, Through::interview(viewer), &seen).await?;
        Ok(Some(seen))
    }

    /// What the bearer of a link sees. Counts that it was opened.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn open_link(&self, token: &Token) -> Result<Option<Seen>, Error> {
        let viewer = Viewer::Bearer(token.hash());
        // A link's bearer is nobody in particular: the name that it gives is the grant's own.
        let Some((account, seen)) = self.look(viewer, Uuid::nil(), None).await? else { return Ok(None) };
        let hash = token.hash();
        let sql = "update disclosure_grant set opened = opened + 1 where token_hash = $1 and opened < opens_at_most
                   returning id";
        let opened: Option<(Uuid,)> = self.db().optional(sql, params![hash]).await?;
        // Somebody else opened it for the last time meanwhile.
        let Some((grant,)) = opened else { return Ok(None) };
        self.log(account, Through::link(grant), &seen).await?;
        Ok(Some(seen))
    }

    /// What somebody would see of the person themselves: made by the same function, and logged nowhere.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn preview(&self, me: OwnerKey, to: PreviewFor) -> Result<Option<Seen>, Error> {
        let (viewer, as_known_by) = match to {
            PreviewFor::Company(id) => (Viewer::Company { id }, id),
            PreviewFor::Pool { role } => (Viewer::AnyInPool { role }, Uuid::nil()),
            PreviewFor::Link(grant) => (Viewer::BearerOf(grant), Uuid::nil()),
            PreviewFor::Stranger => return Ok(None),
        };
        Ok(self.look(viewer, as_known_by, Some(me.uuid())).await?.map(|(_, seen)| seen))
    }

    /// What a company would see of the person if they granted these facts to it besides: made by the same function, and logged
    /// nowhere.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn preview_with(
        &self,
        me: OwnerKey,
        company: Uuid,
        facts: BTreeSet<Fact>,
        terms: Terms,
    ) -> Result<Option<Seen>, Error> {
        let as_if = Some(AsIf { facts, terms });
        let looked = self.look_as_if(Viewer::Company { id: company }, company, Some(me.uuid()), as_if).await?;
        Ok(looked.map(|(_, seen)| seen))
    }

    /// What a company sees, before its candidate's log says so.
    pub(crate) async fn look_as(&self, viewer: &AsCompany, name: CandidateName) -> Result<Option<(Uuid, Seen)>, Error> {
        if !viewer.may(Act::Candidates) {
            return Ok(None);
        }
        let id = viewer.company;
        let account = self.keys().named(id, name.0).await?;
        self.look(Viewer::Company { id }, id, Some(account)).await
    }

    /// The one function that makes a [`Seen`].
    async fn look(&self, viewer: Viewer, known_by: Uuid, account: Option<Uuid>) -> Result<Option<(Uuid, Seen)>, Error> {
        self.look_as_if(viewer, known_by, account, None).await
    }

    async fn look_as_if(
        &self,
        viewer: Viewer,
        known_by: Uuid,
        account: Option<Uuid>,
        as_if: Option<AsIf>,
    ) -> Result<Option<(Uuid, Seen)>, Error> {
        let (now, left_out) = (self.now(), self.left_out());
        let rows = self.db().read(move |snapshot| {
            let rows = select(snapshot, &viewer, account, now, left_out)?;
            match (&as_if, account) {
                (Some(as_if), Some(account)) => select_as_if(snapshot, rows, account, as_if, now).map(Some),
                _ => Ok(rows),
            }
        });
        let rows = rows.await?;
        let Some(rows) = rows else { return Ok(None) };
        // Without the key nothing can be opened: the person is gone.
        let Some(key) = self.keys().existing(rows.account).await? else { return Ok(None) };
        let owner = rows.account;
        let facts = granted(&rows);
        let grant = Grant::from_rows(owner, &facts);
        let shows_names = facts.contains(&Fact::Field(Field::Organisations));
        let (mut fields, mut names_organisations) = (BTreeMap::new(), false);
        for row in &rows.fields {
            let (Some(field), Some(sealed)) = (Field::parse(&row.field), &row.sealed) else { continue };
            if fields.contains_key(&field) {
                continue;
            }
            let text = key.open(&profile::place(field), sealed)?;
            let value: FieldValue = serde_json::from_slice(&text).map_err(|_| Error::Row("a profile's field"))?;
            let Some(value) = Private::new(owner, Fact::Field(field), value).under(&grant) else { continue };
            names_organisations |= shows_names && value.names_somebody(field);
            fields.insert(field, if shows_names { value } else { value.masked(field) });
        }
        let mut signals: BTreeMap<Uuid, SeenSignal> = BTreeMap::new();
        for row in &rows.signals {
            if signals.contains_key(&row.id) {
                continue;
            }
            let text = key.open(&signal::place(row.id), &row.sealed)?;
            let body: SignalBody = serde_json::from_slice(&text).map_err(|_| Error::Row("a signal"))?;
            let Some(body) = Private::new(owner, Fact::Signal(row.id), body).under(&grant) else { continue };
            let SignalBody { says, evidence } = body;
            let seen = SeenSignal { says, evidence, expires_at: row.expires_at, grant: row.grant_id, id: row.id };
            signals.insert(row.id, seen);
        }
        let mut signals: Vec<SeenSignal> = signals.into_values().collect();
        signals.sort_by(|one, other| other.says.taken_on.cmp(&one.says.taken_on).then(one.id.cmp(&other.id)));
        let name = match known_by.is_nil() {
            false => self.keys().name_for(known_by, owner).await?,
            true => self.keys().name_for(rows.grants[0].id, owner).await?,
        };
        let terms = rows.grants.into_iter().map(|grant| Terms { purpose: grant.purpose, until: grant.expires_at });
        let terms: BTreeSet<Terms> = terms.collect();
        let seen = Seen {
            name: CandidateName(name),
            fields,
            signals,
            terms: terms.into_iter().collect(),
            names_organisations,
        };
        Ok(Some((owner, seen)))
    }
}

/// Everything that the grants open together.
fn granted(rows: &Rows) -> BTreeSet<Fact> {
    let fields = rows.fields.iter().filter_map(|row| Field::parse(&row.field).map(Fact::Field));
    fields.chain(rows.signals.iter().map(|row| Fact::Signal(row.id))).collect()
}

/// Says nothing of the person.
impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seen(…)")
    }
}

/// Says nothing of the person.
impl std::fmt::Debug for SeenSignal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeenSignal(…)")
    }
}
