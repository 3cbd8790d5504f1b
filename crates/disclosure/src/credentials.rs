//! Credentials: one for each grant and signal, made when it is first asked for, withdrawn with either.

use crate::door::TALK_GOES_ON;
use crate::view::Through;
use crate::{AsCompany, CandidateName, Disclosure, Error, OwnerKey, Randomness, SealingKey};
use jiff::{SignedDuration, Timestamp};
use jobfuture_credential::{
    Badge, Decoys, Grant as Issuing, Held, HolderKey, IssuerKey, IssuerKeys, Label, PublicKey, Publication, Request,
    Signal, Status, StatusList, StatusPlace, WalletFile,
};
use jobfuture_db::{Tx, params, record};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Places of the status list: so many that nobody learns whose is looked up.
const PLACES: u32 = 1 << 20;
/// How long others may keep a copy of the list, in seconds: so late a withdrawal may be noticed.
const KEEP_FOR: u32 = 300;
/// How long a list's token is good for.
const LIST_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// How long a place stays listed after its credential was to end.
const LISTED_FOR: SignedDuration = SignedDuration::from_hours(72);
/// How long the same token is handed out while nothing was withdrawn.
const LIST_IS_FRESH: SignedDuration = SignedDuration::from_mins(2);
const DAY: i64 = 86_400;
/// Tries to draw a free place before the list is called full.
const DRAWS: usize = 64;

/// Where the key that signs is kept, and the public half of the one before.
const SIGNING: &str = "issuer";
const RETIRING: &str = "issuer before";

/// Who issues: the instance's address and name.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// `https://jobs.example`.
    pub address: String,
    /// What people read.
    pub name: String,
}

impl Issuer {
    /// Where the status list is published.
    pub fn status_list(&self) -> String {
        format!("{}/credentials/status/1", self.address)
    }
}

/// The token of the status list that was made last, and of what.
#[derive(Debug, Default, Clone)]
pub(crate) struct ListCache(Arc<Mutex<Option<MadeList>>>);

#[derive(Debug, Clone)]
struct MadeList {
    address: String,
    revoked: i64,
    kid: String,
    made_at: Timestamp,
    token: String,
}

/// The kinds that are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    SdJwtVc,
    Badge,
}

/// Which credential: of what, for whom. There is one of each.
#[derive(Debug, Clone, Copy)]
struct Slot {
    format: Format,
    grant: Option<Uuid>,
    signal: Uuid,
    /// The company that asked; nobody for the candidate's own.
    company: Option<Uuid>,
}

impl Slot {
    fn text(self) -> String {
        let or_none = |id: Option<Uuid>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        format!("{} {} {} {}", self.format.as_str(), or_none(self.grant), self.signal, or_none(self.company))
    }
}

impl Format {
    fn as_str(self) -> &'static str {
        match self {
            Self::SdJwtVc => "sd-jwt-vc",
            Self::Badge => "badge",
        }
    }
}

record! {
    struct CredentialRow { sealed: Vec<u8>, sealed_holder: Option<Vec<u8>>, issuer: String, kid: String }
}

record! {
    struct Term { expires_at: Timestamp }
}

/// A credential in the keeping of this instance: the text as it was issued, and the key that it is bound to.
struct Kept {
    text: String,
    holder: Option<HolderKey>,
}

/// Credentials that are withdrawn together.
pub(crate) enum Which<'a> {
    /// All that were issued of a grant.
    OfGrant(Uuid),
    /// Of a grant, those of one signal.
    OfGrantAndSignal(Uuid, Uuid),
    /// All that were issued of a signal.
    OfSignal(Uuid),
    /// The one of this format, grant, signal and audience.
    InSlot(&'a str),
    /// All of somebody's.
    OfAccount(Uuid),
}

/// Puts their places into the list of what was withdrawn, where they stay when the credentials are gone.
pub(crate) fn withdraw(tx: &mut Tx<'_>, which: &Which<'_>, now: Timestamp) -> Result<(), jobfuture_db::Error> {
    let insert = |condition: &str| {
        format!(
            "insert into credential_revoked (place, revoked_at, expires_at)
             select place, $1, expires_at from credential where {condition} on conflict (place) do nothing"
        )
    };
    match which {
        Which::OfGrant(grant) => tx.execute(&insert("grant_id = $2"), params![now, *grant]),
        Which::OfGrantAndSignal(grant, signal) => {
            tx.execute(&insert("grant_id = $2 and signal = $3"), params![now, *grant, *signal])
        }
        Which::OfSignal(signal) => tx.execute(&insert("signal = $2"), params![now, *signal]),
        Which::InSlot(slot) => tx.execute(&insert("slot = $2"), params![now, *slot]),
        Which::OfAccount(account) => {
            tx.execute(&insert("signal in (select id from signal where account = $2)"), params![now, *account])
        }
    }
    .map(drop)
}

impl Disclosure {
    /// The instance's keys, made when they are first needed.
    ///
    /// # Errors
    /// The database's; a key that is damaged.
    pub async fn issuer_keys(&self) -> Result<IssuerKeys, Error> {
        let secret = self.keys().instance_secret(SIGNING).await?;
        let signing = IssuerKey::from_secret_bytes(&secret)?;
        match self.keys().stored_secret(RETIRING).await? {
            Some(jwk) if !jwk.is_empty() => {
                let text = std::str::from_utf8(&jwk).map_err(|_| Error::Key("the issuer's key before"))?;
                Ok(IssuerKeys::with_retiring(signing, PublicKey::from_jwk_text(text)?))
            }
            _ => Ok(IssuerKeys::new(signing)),
        }
    }

    /// Signs with a new key from now on. What the one before signed stays good until that is retired.
    ///
    /// # Errors
    /// As [`Self::issuer_keys`]; a key before that is not retired yet.
    pub async fn rotate_issuer_key(&self) -> Result<(), Error> {
        let mut keys = self.issuer_keys().await?;
        keys.rotate(IssuerKey::generate(&mut self.randomness().generator()?))?;
        let before = keys.retiring().map(|key| key.jwk().to_string()).unwrap_or_default();
        // Both or neither: with only one of them written, credentials of the key before could no longer be checked.
        let secret = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        let signing = secret(keys.signing().to_secret_bytes().as_slice());
        let both = vec![(RETIRING.to_owned(), secret(before.as_bytes())), (SIGNING.to_owned(), signing)];
        self.keys().set_instance_secrets(both).await
    }

    /// Publishes the key before no longer: what it signed fails from now on.
    ///
    /// # Errors
    /// The database's.
    pub async fn retire_issuer_key(&self) -> Result<(), Error> {
        self.keys().set_instance_secret(RETIRING, b"").await
    }

    /// What is published of the keys, for `/.well-known/jwt-vc-issuer`.
    ///
    /// # Errors
    /// As [`Self::issuer_keys`].
    pub async fn issuer_metadata(&self, issuer: &Issuer) -> Result<Value, Error> {
        Ok(self.issuer_keys().await?.metadata(&issuer.address))
    }

    /// The token of the status list as it is now.
    ///
    /// # Errors
    /// As [`Self::issuer_keys`].
    pub async fn status_list(&self, issuer: &Issuer) -> Result<String, Error> {
        let now = self.now();
        let keys = self.issuer_keys().await?;
        let kid = keys.signing().public().kid().to_owned();
        let (revoked,): (i64,) = self.db().one("select count(*) from credential_revoked", &[]).await?;
        let cached = self.lists().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(made) = cached
            && made.address == issuer.address
            && made.revoked == revoked
            && made.kid == kid
            && now.duration_since(made.made_at).abs() < LIST_IS_FRESH
        {
            return Ok(made.token);
        }
        // A credential is good until the end of its last day, which is later than the moment that it was made for.
        let since = now.checked_sub(LISTED_FOR).unwrap_or(now);
        let places: Vec<(i64,)> =
            self.db().all("select place from credential_revoked where expires_at > $1", params![since]).await?;
        let (uri, address) = (issuer.status_list(), issuer.address.clone());
        let token = {
            let mut list = StatusList::new(PLACES)?;
            for (place,) in places {
                list.set(u32::try_from(place).map_err(|_| Error::Row("a place"))?, Status::Revoked)?;
            }
            let expires_at = now.checked_add(LIST_LASTS).map_err(|_| Error::Row("a time"))?.as_second();
            let about = Publication { uri: &uri, issued_at: now.as_second(), expires_at, keep_for: KEEP_FOR };
            list.token(keys.signing(), about)?
        };
        let made = MadeList { address, revoked, kid, made_at: now, token: token.clone() };
        *self.lists().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        Ok(token)
    }

    /// A candidate's credential for one grant and signal, as a file for them to keep; nothing if the grant does not open that
    /// signal now.
    ///
    /// # Errors
    /// The database's; what cannot be issued.
    pub async fn wallet_file(
        &self,
        me: OwnerKey,
        grant: Uuid,
        signal: Uuid,
        issuer: &Issuer,
    ) -> Result<Option<String>, Error> {
        let slot = Slot { format: Format::SdJwtVc, grant: Some(grant), signal, company: None };
        let Some(kept) = self.credential(me.uuid(), slot, issuer).await? else { return Ok(None) };
        let keys = self.issuer_keys().await?.key_set();
        let file = WalletFile {
            credential: kept.text,
            issuer: Some((issuer.address.clone(), keys)),
            status_list: Some(self.status_list(issuer).await?),
        };
        Ok(Some(file.write()))
    }

    /// An Open Badge of a live signal of one's own, to be shown in public: everything in it can be read by anybody. Nothing if
    /// there is no such signal.
    ///
    /// # Errors
    /// As [`Self::wallet_file`].
    pub async fn badge(&self, me: OwnerKey, signal: Uuid, issuer: &Issuer) -> Result<Option<String>, Error> {
        let now = self.now();
        let own = self.signals(me).await?.into_iter().find(|own| own.id == signal && own.is_live(now));
        let Some(own) = own else { return Ok(None) };
        let key = self.keys().of(me.uuid()).await?;
        let slot = Slot { format: Format::Badge, grant: None, signal, company: None };
        let keys = self.issuer_keys().await?;
        if let Some(kept) = self.kept(&key, slot, issuer, &keys).await? {
            return Ok(Some(kept.text));
        }
        let (id, subject) = (self.randomness().id()?.urn().to_string(), self.randomness().id()?.urn().to_string());
        let label = Label::new(issuer.name.clone())?;
        let place = self.draw_place().await?;
        let status = StatusPlace { uri: issuer.status_list(), index: place };
        let badge = Badge {
            issuer: &issuer.address,
            issuer_name: &label,
            id: &id,
            subject: &subject,
            valid_from: begin_of_day(now),
            valid_until: end_of_day(own.expires_at),
            status: &status,
            signal: &own.body.says,
        };
        let token = badge.issue(keys.signing())?;
        let new = NewCredential { slot, place, text: &token, holder: None, expires_at: own.expires_at };
        self.keep(&key, new, issuer, &keys).await?;
        // Another request may have been quicker: what is stored counts.
        Ok(self.kept(&key, slot, issuer, &keys).await?.map(|kept| kept.text))
    }

    /// A proof of a signal for a company that sees it: the credential with all it says, bound to the company's request by the
    /// candidate's key. `nth` counts the signals that it sees. The candidate's log says so.
    ///
    /// # Errors
    /// [`Error::Credential`] if audience or nonce cannot be used; as [`Self::wallet_file`].
    pub async fn prove_to(
        &self,
        viewer: &AsCompany,
        name: CandidateName,
        nth: usize,
        asked: Asked<'_>,
        issuer: &Issuer,
    ) -> Result<Option<String>, Error> {
        let Some((account, seen)) = self.look_as(viewer, name).await? else { return Ok(None) };
        let Some(signal) = seen.signals().get(nth) else { return Ok(None) };
        let slot = Slot {
            format: Format::SdJwtVc,
            grant: Some(signal.grant),
            signal: signal.id,
            company: Some(viewer.company()),
        };
        let Some(kept) = self.credential(account, slot, issuer).await? else { return Ok(None) };
        let Some(holder) = kept.holder else { return Ok(None) };
        let held = Held::read(&kept.text)?;
        let request = Request { audience: asked.audience, nonce: asked.nonce, now: self.now().as_second() };
        let shown = held.present(&held.facts(), &holder, request)?;
        self.log(account, Through::credential(viewer), &seen).await?;
        Ok(Some(shown))
    }

    /// The credential of a grant that opens a signal now: from the row, or made.
    async fn credential(&self, account: Uuid, slot: Slot, issuer: &Issuer) -> Result<Option<Kept>, Error> {
        let now = self.now();
        let sql = format!(
            "select case when g.expires_at < s.expires_at then g.expires_at else s.expires_at end as expires_at
             from disclosure_grant g join grant_signal gs on gs.grant_id = g.id join signal s on s.id = gs.signal
             where g.id = $2 and s.id = $3 and g.account = $4 and s.account = $4 and g.revoked_at is null
               and g.expires_at > $1 and s.withdrawn_at is null and s.expires_at > $1 and {TALK_GOES_ON}"
        );
        let term: Option<Term> = self.db().optional(&sql, params![now, slot.grant, slot.signal, account]).await?;
        let Some(term) = term else { return Ok(None) };
        let Some(key) = self.keys().existing(account).await? else { return Ok(None) };
        let keys = self.issuer_keys().await?;
        if let Some(kept) = self.kept(&key, slot, issuer, &keys).await? {
            return Ok(Some(kept));
        }
        let says = self.says(&key, slot.signal).await?;
        let holder = HolderKey::generate(&mut self.randomness().generator()?);
        let place = self.draw_place().await?;
        let status = StatusPlace { uri: issuer.status_list(), index: place };
        let text = Issuing {
            issuer: &issuer.address,
            holder: holder.public(),
            issued_at: begin_of_day(now),
            expires_at: end_of_day(term.expires_at),
            status: &status,
            signal: &says,
            decoys: Decoys::Padded,
        }
        .issue(keys.signing(), &mut self.randomness().generator()?)?;
        let new = NewCredential { slot, place, text: &text, holder: Some(&holder), expires_at: term.expires_at };
        self.keep(&key, new, issuer, &keys).await?;
        // Another request may have been quicker: what is stored counts.
        self.kept(&key, slot, issuer, &keys).await
    }

    /// The credential that was issued for this, if those who check it would still accept who signed it. One that they would
    /// not is withdrawn and makes room.
    async fn kept(
        &self,
        key: &SealingKey,
        slot: Slot,
        issuer: &Issuer,
        keys: &IssuerKeys,
    ) -> Result<Option<Kept>, Error> {
        let (name, now) = (slot.text(), self.now());
        let sql = "select sealed, sealed_holder, issuer, kid from credential where slot = $1";
        let row: Option<CredentialRow> = self.db().optional(sql, params![name]).await?;
        let Some(row) = row else { return Ok(None) };
        let is_published = keys.key_set().keys().iter().any(|key| key.kid() == row.kid);
        if !is_published || row.issuer != issuer.address {
            self.db()
                .transaction(move |tx| {
                    withdraw(tx, &Which::InSlot(&name), now)?;
                    tx.execute("delete from credential where slot = $1", params![name])?;
                    Ok::<_, Error>(())
                })
                .await?;
            return Ok(None);
        }
        let text = text_of(&key.open(&format!("credential {name}"), &row.sealed)?)?;
        let holder = match row.sealed_holder {
            Some(sealed) => Some(HolderKey::from_secret_bytes(&key.open(&format!("holder {name}"), &sealed)?)?),
            None => None,
        };
        Ok(Some(Kept { text, holder }))
    }

    async fn says(&self, key: &SealingKey, signal: Uuid) -> Result<Signal, Error> {
        let (sealed,): (Vec<u8>,) = self.db().one("select sealed from signal where id = $1", params![signal]).await?;
        let text = key.open(&crate::signal::place(signal), &sealed)?;
        let body: crate::SignalBody = serde_json::from_slice(&text).map_err(|_| Error::Row("a signal"))?;
        Ok(body.says)
    }

    /// Withdraws everything that was issued for a person and deletes the key that seals what they keep. To be called before their
    /// rows are deleted; safe to be called twice.
    ///
    /// # Errors
    /// The databases'.
    pub async fn forget(&self, me: OwnerKey) -> Result<(), Error> {
        let (account, now) = (me.uuid(), self.now());
        self.db().transaction(move |tx| withdraw(tx, &Which::OfAccount(account), now)).await?;
        self.keys().shred(me.uuid()).await
    }

    /// Forgets credentials that have expired, and with them their places in the list.
    ///
    /// # Errors
    /// The database's.
    pub async fn sweep(&self) -> Result<(), Error> {
        let since = self.now().checked_sub(LISTED_FOR).map_err(|_| Error::Row("a time"))?;
        self.db().execute("delete from credential where expires_at < $1", params![since]).await?;
        self.db().execute("delete from credential_revoked where expires_at < $1", params![since]).await?;
        Ok(())
    }

    /// A place of the list that no credential has or had.
    async fn draw_place(&self) -> Result<u32, Error> {
        for _ in 0..DRAWS {
            let place = draw(self.randomness())?;
            let sql = "select 1 as found from credential where place = $1
                       union all select 1 as found from credential_revoked where place = $1";
            let taken: Vec<(i64,)> = self.db().all(sql, params![i64::from(place)]).await?;
            if taken.is_empty() {
                return Ok(place);
            }
        }
        Error::refused("The status list is full. Nothing can be issued until credentials have expired.")
    }

    async fn keep(
        &self,
        key: &SealingKey,
        new: NewCredential<'_>,
        issuer: &Issuer,
        keys: &IssuerKeys,
    ) -> Result<(), Error> {
        let (id, now, name) = (self.randomness().id()?, self.now(), new.slot.text());
        let sealed = key.seal(&format!("credential {name}"), new.text.as_bytes(), self.randomness())?;
        let holder = new
            .holder
            .map(|holder| key.seal(&format!("holder {name}"), holder.to_secret_bytes().as_slice(), self.randomness()));
        let (holder, place) = (holder.transpose()?, i64::from(new.place));
        let (grant, signal, expires_at) = (new.slot.grant, new.slot.signal, new.expires_at);
        let (issuer, kid) = (issuer.address.as_str(), keys.signing().public().kid());
        let sql =
            "insert into credential (id, grant_id, signal, slot, issuer, kid, place, sealed, sealed_holder, issued_at,
               expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (slot) do nothing";
        self.db()
            .execute(sql, params![id, grant, signal, name, issuer, kid, place, sealed, holder, now, expires_at])
            .await?;
        Ok(())
    }
}

/// What a company asks for a proof with.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Who will check it.
    pub audience: &'a str,
    /// What they drew for this request.
    pub nonce: &'a str,
}

/// A credential that was just signed.
struct NewCredential<'n> {
    slot: Slot,
    place: u32,
    text: &'n str,
    holder: Option<&'n HolderKey>,
    expires_at: Timestamp,
}

fn draw(randomness: &Randomness) -> Result<u32, Error> {
    Ok(u32::from_le_bytes(*randomness.bytes::<4>()?) % PLACES)
}

fn text_of(bytes: &[u8]) -> Result<String, Error> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Error::Row("a credential"))
}

/// Rounded, so that the time links no two credentials.
fn begin_of_day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(DAY) * DAY
}

fn end_of_day(time: Timestamp) -> i64 {
    begin_of_day(time) + DAY
}
