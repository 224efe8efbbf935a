//! A long-running program, by a clock whose time passes by itself: credentials of all kinds end and are renewed a thousand
//! times, by sources that fail at random.

use super::sign_on::{SIGN_ON, TOKEN_FILES};
use super::ways::{WAYS, Way};
use super::*;
use serde_json::json;
use std::future::poll_fn;
use workstream_runtime::Timestamp;
use workstream_runtime::client::Clock;
use workstream_runtime::client::credentials::{AssumeRole, ContainerAgent, InstanceMetadata, Profile};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// How long ended credentials are used at most before the source is asked again.
const EXTENSION: Duration = Duration::from_secs(600);
/// Of each kind of source, in each way: 1,000 in all.
const RENEWALS: usize = 125;
/// The most requests that a host gets in a minute: three attempts of a load, and of loads hardly more than one.
const STORM: u32 = 20;

/// All hosts that know credentials. Each fails now and then, or for some time.
#[derive(Debug)]
struct World {
    clock: TestClock,
    state: Mutex<WorldState>,
}

#[derive(Debug)]
struct WorldState {
    random: fastrand::Rng,
    /// Until when a host is down, and how that shows.
    outages: BTreeMap<String, (SystemTime, usize)>,
    keys: usize,
    /// What the instance has now, and its end.
    of_instance: (String, SystemTime),
    /// The token of the sign-on, its end, and whether somebody has to sign on again.
    token: (usize, SystemTime),
    is_revoked: bool,
    /// Requests to a host in a minute.
    asked: BTreeMap<(String, u64), u32>,
}

impl World {
    fn new(seed: u64) -> Arc<Self> {
        let clock = TestClock::new();
        let state = WorldState {
            random: fastrand::Rng::with_seed(seed),
            outages: BTreeMap::new(),
            keys: 0,
            of_instance: (String::new(), clock.now()),
            token: (0, clock.now()),
            is_revoked: false,
            asked: BTreeMap::new(),
        };
        Arc::new(Self { clock, state: Mutex::new(state) })
    }

    fn minute(&self) -> u64 {
        self.clock.elapsed().as_secs() / 60
    }

    fn answer(&self, request: &Request<Bytes>) -> Answer {
        let (now, minute) = (self.clock.now(), self.minute());
        let mut state = self.state.lock().unwrap();
        let host = request.uri().host().unwrap().to_owned();
        *state.asked.entry((host.clone(), minute)).or_default() += 1;
        if let Some(trouble) = state.trouble(&host, now) {
            return trouble;
        }
        match host.split_once('.').unwrap().0 {
            "sts" => state.session(now),
            "portal" => state.portal(request, now),
            "oidc" => state.refresh(request, now),
            _ if host == "169.254.170.2" => Ok((200, state.keys_in_json(now))),
            _ => state.instance(request, now),
        }
    }
}

impl WorldState {
    /// How a host fails at this time, if it does.
    fn trouble(&mut self, host: &str, now: SystemTime) -> Option<Answer> {
        let is_down = self.outages.get(host).is_some_and(|(until, _)| now < *until);
        if !is_down && self.random.f64() < 0.02 {
            let (length, kind) = (self.random.u32(1..90), self.random.usize(0..5));
            self.outages.insert(host.to_owned(), (now + length * MINUTE, kind));
        }
        let outage = self.outages.get(host).filter(|(until, _)| now < *until).map(|(_, kind)| *kind);
        let once = || (self.random.f64() < 0.05).then(|| self.random.usize(0..5));
        Some(match outage.or_else(once)? {
            0 => Ok((500, String::new())),
            1 => Err(TransportErrorKind::Connect),
            2 => Err(TransportErrorKind::Timeout),
            3 => Ok((403, json!({"__type": "AccessDenied", "message": "not now"}).to_string())),
            _ => Ok((200, "<nothing/>".to_owned())),
        })
    }

    /// A new key and its end.
    fn key(&mut self, now: SystemTime) -> (String, SystemTime) {
        self.keys += 1;
        (format!("KEY{}", self.keys), now + self.random.u32(5 * 60..60 * 60) * SECOND)
    }

    fn session(&mut self, now: SystemTime) -> Answer {
        let (key, end) = self.key(now);
        let (status, body) = sts("AssumeRole")?;
        Ok((status, body.replace(KEY, &key).replace("2099-01-02T03:04:05Z", &time(end))))
    }

    fn keys_in_json(&mut self, now: SystemTime) -> String {
        let (key, end) = self.key(now);
        JSON.replace(KEY, &key).replace("2099-01-02T03:04:05Z", &time(end))
    }

    /// Gives the same keys until they have ended almost, or longer: it may have no others.
    fn instance(&mut self, request: &Request<Bytes>, now: SystemTime) -> Answer {
        let (status, body) = instance(request)?;
        if body != JSON {
            return Ok((status, body));
        }
        if self.of_instance.1 < now + 5 * MINUTE && self.random.f64() < 0.7 {
            self.of_instance = self.key(now);
        }
        let (key, end) = &self.of_instance;
        Ok((status, JSON.replace(KEY, key).replace("2099-01-02T03:04:05Z", &time(*end))))
    }

    fn portal(&mut self, request: &Request<Bytes>, now: SystemTime) -> Answer {
        let (number, end) = self.token;
        if request.headers()["x-amz-sso_bearer_token"] != *format!("token{number}") || end <= now {
            return Ok((401, json!({"__type": "UnauthorizedException"}).to_string()));
        }
        let (key, end) = self.key(now);
        let end = end.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as u64;
        let keys = json!({"accessKeyId": key, "secretAccessKey": "s", "sessionToken": "t", "expiration": end});
        Ok((200, json!({"roleCredentials": keys}).to_string()))
    }

    /// A refresh token serves once.
    fn refresh(&mut self, request: &Request<Bytes>, now: SystemTime) -> Answer {
        let sent: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        self.is_revoked |= self.random.f64() < 0.1;
        if self.is_revoked || sent["refreshToken"] != format!("refresh{}", self.token.0) {
            return Ok((400, json!({"__type": "InvalidGrantException"}).to_string()));
        }
        let number = self.token.0 + 1;
        self.token = (number, now + 60 * MINUTE);
        let (access, refresh) = (format!("token{number}"), format!("refresh{number}"));
        Ok((200, json!({"accessToken": access, "refreshToken": refresh, "expiresIn": 3600}).to_string()))
    }
}

fn time(time: SystemTime) -> String {
    Timestamp::from_secs(Timestamp::from(time).secs()).to_string()
}

impl Transport for World {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.clock.sleep(Duration::from_millis(50)).await;
            response(self.answer(&request))
        })
    }
}

impl BlockingTransport for World {
    fn send(&self, request: Request<Bytes>, _: Option<Duration>) -> Result<Response<Bytes>, TransportError> {
        self.clock.block(Duration::from_millis(50));
        response(self.answer(&request))
    }
}

/// A source with what came of it.
#[derive(Debug)]
struct Watched {
    source: Box<dyn ProvideCredentials>,
    clock: TestClock,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    loads: usize,
    /// Loads that are under way.
    current: usize,
    /// The key that was given last, and its end.
    given: Option<(String, SystemTime)>,
    renewals: usize,
    /// When the source last had nothing that lives.
    failed_at: Option<SystemTime>,
}

impl ProvideCredentials for Watched {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(async move {
            {
                let mut seen = self.seen.lock().unwrap();
                (seen.loads, seen.current) = (seen.loads + 1, seen.current + 1);
                assert_eq!(seen.current, 1, "one load at a time");
            }
            let result = self.source.provide(context).await;
            let mut seen = self.seen.lock().unwrap();
            let now = self.clock.now();
            seen.current -= 1;
            if let Ok(found) = &result {
                let given = Some((found.access_key_id.clone(), found.expires_at.unwrap()));
                seen.renewals += usize::from(seen.given != given);
                seen.given = given;
            }
            if result.as_ref().map_or(true, |found| found.expires_at.unwrap() <= now) {
                seen.failed_at = Some(now);
            }
            result
        })
    }
}

/// Some calls at the same time. Returns the keys that they are signed with.
fn calls(way: Way, cache: &CredentialsCache, now: SystemTime, count: usize) -> Vec<Option<String>> {
    let key = |found: Result<Arc<Credentials>, CredentialsError>| Some(found.ok()?.access_key_id.clone());
    match way {
        Way::Async => {
            let mut futures: Vec<_> = (0..count).map(|_| Box::pin(cache.get(now))).collect();
            let mut keys = vec![None; count];
            let mut open: Vec<_> = (0..count).collect();
            wait(poll_fn(|context| {
                open.retain(|&index| match futures[index].as_mut().poll(context) {
                    Poll::Ready(found) => {
                        keys[index] = key(found);
                        false
                    }
                    Poll::Pending => true,
                });
                if open.is_empty() { Poll::Ready(()) } else { Poll::Pending }
            }));
            keys
        }
        Way::Blocking if count == 1 => vec![key(cache.get_blocking(now, None).unwrap())],
        Way::Blocking => thread::scope(|scope| {
            let threads: Vec<_> =
                (0..count).map(|_| scope.spawn(|| key(cache.get_blocking(now, None).unwrap()))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        }),
    }
}

/// Lets a program run until its credentials were renewed often.
fn days(way: Way, world: &Arc<World>, source: impl ProvideCredentials, environment: &Environment, passes: impl Fn()) {
    let config = Config::builder().transport(Arc::clone(world)).blocking_transport(Arc::clone(world));
    let config = config.clock(world.clock.clone()).region("eu-west-1").build();
    let context = way.context(&config).environment(environment.clone());
    let watched = Watched { source: Box::new(source), clock: world.clock.clone(), seen: Mutex::default() };
    let watched = Arc::new(watched);
    let cache = CredentialsCache::new(Arc::clone(&watched) as Arc<dyn ProvideCredentials>, context);
    let mut random = fastrand::Rng::with_seed(7);
    let (mut loads, mut steps) = (BTreeMap::<u64, usize>::new(), 0);
    while watched.seen.lock().unwrap().renewals < RENEWALS {
        steps += 1;
        assert!(steps < 200_000, "{way:?}: {:?}", watched.seen);
        world.clock.advance(random.u32(1..100) * SECOND);
        passes();
        let (now, minute) = (world.clock.now(), world.minute());
        let (before, last) = {
            let seen = watched.seen.lock().unwrap();
            (seen.loads, seen.given.clone())
        };
        // Calls beside the one that renews use what there is, if it lives.
        let is_last =
            |used: &Option<String>| last.as_ref().is_some_and(|(key, end)| now < *end && used.as_ref() == Some(key));
        let count = if steps % 8 == 0 { 6 } else { 1 };
        let keys = calls(way, &cache, now, count);
        let seen = watched.seen.lock().unwrap();
        *loads.entry(minute).or_default() += seen.loads - before;
        let Some((key, end)) = &seen.given else { continue };
        for used in keys {
            if count > 1 && is_last(&used) {
                continue;
            }
            // What is newest is used, and never nothing.
            assert_eq!(used.as_ref(), Some(key), "{way:?}: step {steps}");
            let is_extended = seen.failed_at.is_some_and(|failed| now < failed + EXTENSION);
            assert!(now < *end || is_extended, "{way:?}: step {steps}: {now:?}, {seen:?}");
        }
    }
    assert!(loads.values().all(|loads| *loads <= 6), "{way:?}: {loads:?}");
    let asked = &world.state.lock().unwrap().asked;
    let most = asked.iter().max_by_key(|(_, count)| **count).unwrap();
    assert!(*most.1 <= STORM, "{way:?}: {most:?}");
}

#[test]
fn an_instance_is_asked_for_days() {
    for (seed, way) in (1..).zip(WAYS) {
        days(way, &World::new(seed), InstanceMetadata::new(), &variables([]), || ());
    }
}

#[test]
fn a_container_is_asked_for_days() {
    let environment = variables([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]);
    for (seed, way) in (1..).zip(WAYS) {
        days(way, &World::new(seed), ContainerAgent::new(), &environment, || ());
    }
}

#[test]
fn a_role_is_assumed_for_days() {
    for (seed, way) in (1..).zip(WAYS) {
        let role = AssumeRole::new("arn:aws:iam::123456789012:role/reader").source(InstanceMetadata::new());
        days(way, &World::new(seed), role, &variables([]), || ());
    }
}

#[test]
fn somebody_is_signed_on_for_days() {
    for (seed, way) in (1..).zip(WAYS) {
        let home = home("days", SIGN_ON, "");
        let file = home.join(".aws/sso/cache").join(TOKEN_FILES[0]);
        let world = World::new(seed);
        // Whose token cannot be refreshed any more signs on again, after a while.
        let signs_on = || {
            let now = world.clock.now();
            let mut state = world.state.lock().unwrap();
            let is_over = state.token.1 <= now;
            if is_over && (state.is_revoked || state.token.0 == 0) && state.random.f64() < 0.1 {
                let number = state.token.0 + 1;
                (state.token, state.is_revoked) = ((number, now + 60 * MINUTE), false);
                let token = json!({"accessToken": format!("token{number}"), "refreshToken": format!("refresh{number}"),
                    "expiresAt": time(state.token.1), "clientId": "c", "clientSecret": "s",
                    "registrationExpiresAt": "2099-01-01T00:00:00Z"});
                fs::write(&file, token.to_string()).unwrap();
            }
        };
        days(way, &world, Profile::selected(), &variables([]).home(&home), signs_on);
    }
}
