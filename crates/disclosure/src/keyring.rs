//! Keys that are kept apart from what they seal, so that to delete one is to shred what every backup holds.

use crate::{CandidateName, Error, Randomness};
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jobfuture_db::{Clock, Db, params};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use uuid::Uuid;
use zeroize::Zeroizing;

const NONCE: usize = 12;

/// The keys of one instance: one for each account, and secrets of its own. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    db: Db,
    clock: Clock,
    randomness: Randomness,
    /// From which names are made by which a company knows a candidate; read when it is first needed.
    naming: Arc<OnceLock<Zeroizing<[u8; 32]>>>,
}

/// What seals texts of one account for columns of text. A text that was stored before there were keys opens as it is.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<SealingKey>,
    randomness: Randomness,
}

/// How a sealed text begins. No JSON, no file list and no number does.
const SEALED: &str = "sealed:";

impl Sealer {
    /// Seals a text for one place: in another it does not open.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn seal(&self, place: &str, text: &str) -> Result<String, Error> {
        let sealed = self.key.seal(place, text.as_bytes(), &self.randomness)?;
        Ok(format!("{SEALED}{}", STANDARD_NO_PAD.encode(sealed)))
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`Error::Key`] if it was sealed with another key, or for another place.
    pub fn open(&self, place: &str, text: String) -> Result<String, Error> {
        let Some(sealed) = text.strip_prefix(SEALED) else { return Ok(text) };
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| Error::Key("what is sealed"))?;
        let opened = self.key.open(place, &sealed)?;
        std::str::from_utf8(&opened).map(str::to_owned).map_err(|_| Error::Key("what is sealed"))
    }

    /// Seals bytes for a column of bytes.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_bytes(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        Ok([SEALED.as_bytes(), &self.key.seal(place, bytes, &self.randomness)?].concat())
    }

    /// Opens them.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_bytes(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        match bytes.strip_prefix(SEALED.as_bytes()) {
            Some(sealed) => Ok(self.key.open(place, sealed)?.to_vec()),
            None => Ok(bytes.to_vec()),
        }
    }
}

/// Says nothing of what it holds.
impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// The key of one account.
pub(crate) struct SealingKey {
    account: Uuid,
    secret: Zeroizing<Vec<u8>>,
}

impl Keyring {
    /// On a database that backups of the others do not hold. With the same database for both, deleting an account shreds no
    /// backup.
    pub fn new(db: Db, clock: Clock, randomness: Randomness) -> Self {
        Self { db, clock, randomness, naming: Arc::default() }
    }

    /// What seals texts of one account, and opens them. Makes a key if there is none.
    ///
    /// # Errors
    /// The database's; no randomness.
    pub async fn sealer(&self, account: Uuid) -> Result<Sealer, Error> {
        Ok(Sealer { key: Arc::new(self.of(account).await?), randomness: self.randomness.clone() })
    }

    async fn naming(&self) -> Result<&[u8; 32], Error> {
        if let Some(naming) = self.naming.get() {
            return Ok(naming);
        }
        let found = secret(&self.db, &self.clock, &self.randomness, "naming").await?;
        let naming = <[u8; 32]>::try_from(found.as_slice()).map_err(|_| Error::Key("the secret for names"))?;
        Ok(self.naming.get_or_init(|| Zeroizing::new(naming)))
    }

    /// A secret of the instance, made when it is first asked for.
    ///
    /// # Errors
    /// The database's; no randomness.
    pub async fn instance_secret(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        secret(&self.db, &self.clock, &self.randomness, name).await
    }

    /// Puts another secret into the place of one.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_instance_secret(&self, name: &str, secret: &[u8]) -> Result<(), Error> {
        self.set_instance_secrets(vec![(name.to_owned(), Zeroizing::new(secret.to_vec()))]).await
    }

    /// Stores several, all of them or none.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_instance_secrets(&self, secrets: Vec<(String, Zeroizing<Vec<u8>>)>) -> Result<(), Error> {
        let now = self.clock.now();
        self.db
            .transaction(move |tx| {
                for (name, secret) in &secrets {
                    let sql = "insert into instance_secret (name, secret, made_at) values ($1, $2, $3)
                         on conflict (name) do update set secret = excluded.secret, made_at = excluded.made_at";
                    tx.execute(sql, params![name, secret.as_slice(), now])?;
                }
                Ok::<_, Error>(())
            })
            .await
    }

    /// A secret that was stored, if it was.
    ///
    /// # Errors
    /// The database's.
    pub async fn stored_secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let sql = "select secret from instance_secret where name = $1";
        let found: Option<(Vec<u8>,)> = self.db.optional(sql, params![name]).await?;
        Ok(found.map(|(secret,)| Zeroizing::new(secret)))
    }

    /// The key of an account, made when it is first needed.
    pub(crate) async fn of(&self, account: Uuid) -> Result<SealingKey, Error> {
        if let Some(key) = self.existing(account).await? {
            return Ok(key);
        }
        let fresh = self.randomness.bytes::<32>()?;
        let sql =
            "insert into sealing_key (account, secret, made_at) values ($1, $2, $3) on conflict (account) do nothing";
        self.db.execute(sql, params![account, fresh.as_slice(), self.clock.now()]).await?;
        self.existing(account).await?.ok_or(Error::Key("a key that was just made"))
    }

    /// The same without making one: nothing is sealed then that could be opened.
    pub(crate) async fn existing(&self, account: Uuid) -> Result<Option<SealingKey>, Error> {
        let sql = "select secret from sealing_key where account = $1";
        let found: Option<(Vec<u8>,)> = self.db.optional(sql, params![account]).await?;
        Ok(found.map(|(secret,)| SealingKey { account, secret: Zeroizing::new(secret) }))
    }

    /// Deletes the key of an account: what it sealed is noise from now on, here and in every backup.
    ///
    /// # Errors
    /// The database's.
    pub async fn shred(&self, account: Uuid) -> Result<(), Error> {
        self.db.execute("delete from sealing_key where account = $1", params![account]).await?;
        Ok(())
    }

    pub(crate) fn randomness(&self) -> &Randomness {
        &self.randomness
    }

    /// By which a company knows somebody. To read it in rows that the company keeps of them; what it sees of them is told by
    /// [`crate::Disclosure::see`] alone.
    ///
    /// # Errors
    /// The database's.
    pub async fn candidate_name(&self, company: Uuid, account: Uuid) -> Result<CandidateName, Error> {
        Ok(CandidateName::of_bytes(self.name_for(company, account).await?))
    }

    /// The account behind a name by which a company knows somebody. Any name leads somewhere; whether there is such an account is
    /// seen afterwards. For rows alone: it is told to nobody.
    ///
    /// # Errors
    /// The database's.
    pub async fn account_behind(&self, company: Uuid, name: CandidateName) -> Result<Uuid, Error> {
        self.named(company, name.bytes()).await
    }

    /// The name by which one viewer knows an account: one block of AES under a key of that viewer's, so that two viewers
    /// cannot find out that they look at the same person, and that nothing has to be stored or drawn for it.
    pub(crate) async fn name_for(&self, viewer: Uuid, account: Uuid) -> Result<[u8; 16], Error> {
        let mut block = aes::Block::from(account.into_bytes());
        self.cipher(viewer).await?.encrypt_block(&mut block);
        Ok(block.into())
    }

    /// The account behind such a name. Any 16 bytes lead somewhere; whether there is such an account is seen afterwards.
    pub(crate) async fn named(&self, viewer: Uuid, name: [u8; 16]) -> Result<Uuid, Error> {
        let mut block = aes::Block::from(name);
        self.cipher(viewer).await?.decrypt_block(&mut block);
        Ok(Uuid::from_bytes(block.into()))
    }

    async fn cipher(&self, viewer: Uuid) -> Result<aes::Aes256, Error> {
        let naming = self.naming().await?;
        let key = Sha256::new().chain_update(b"name ").chain_update(naming).chain_update(viewer).finalize();
        Ok(aes::Aes256::new(&<[u8; 32]>::from(key).into()))
    }
}

async fn secret(db: &Db, clock: &Clock, randomness: &Randomness, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let fresh = randomness.bytes::<32>()?;
    let sql = "insert into instance_secret (name, secret, made_at) values ($1, $2, $3) on conflict (name) do nothing";
    let read = "select secret from instance_secret where name = $1";
    let found: Option<(Vec<u8>,)> = db.optional(read, params![name]).await?;
    if let Some((secret,)) = found {
        return Ok(Zeroizing::new(secret));
    }
    db.execute(sql, params![name, fresh.as_slice(), clock.now()]).await?;
    let (secret,): (Vec<u8>,) = db.one(read, params![name]).await?;
    Ok(Zeroizing::new(secret))
}

impl SealingKey {
    /// Seals a text for one place: in another it does not open.
    pub fn seal(&self, place: &str, text: &[u8], randomness: &Randomness) -> Result<Vec<u8>, Error> {
        let nonce = randomness.bytes::<NONCE>()?;
        let bound = self.bound(place);
        let payload = Payload { msg: text, aad: &bound };
        let sealed = self.cipher()?.encrypt(&Nonce::from(*nonce), payload).map_err(|_| Error::Key("sealing"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens it.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(Error::Key("what is sealed"))?;
        let bound = self.bound(place);
        let payload = Payload { msg: sealed, aad: &bound };
        let opened = self.cipher()?.decrypt(&Nonce::from(*nonce), payload).map_err(|_| Error::Key("what is sealed"))?;
        Ok(Zeroizing::new(opened))
    }

    fn bound(&self, place: &str) -> Vec<u8> {
        [self.account.as_bytes(), place.as_bytes()].concat()
    }

    fn cipher(&self) -> Result<Aes256Gcm, Error> {
        Aes256Gcm::new_from_slice(&self.secret).map_err(|_| Error::Key("a sealing key"))
    }
}

/// Says nothing of what it holds.
impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(…)")
    }
}
