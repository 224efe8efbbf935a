//! Asking a source in both ways: awaited, and by a thread that may wait. Both have to do the same.

use super::*;
use workstream_runtime::client::ConfigBuilder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Async,
    Blocking,
}

pub const WAYS: [Way; 2] = [Way::Async, Way::Blocking];

impl Way {
    pub fn context(self, config: &Config) -> SourceContext {
        match self {
            Self::Async => SourceContext::new(config),
            Self::Blocking => SourceContext::blocking(config),
        }
    }

    /// What a source gives, with these settings and this environment. Whatever it is, it shows no secret.
    pub fn ask(
        self,
        source: &impl ProvideCredentials,
        config: ConfigBuilder,
        environment: &Environment,
    ) -> Result<Credentials, CredentialsError> {
        let context = self.context(&config.build()).environment(environment.clone());
        self.ask_in(source, &context)
    }

    /// The same where the environment is the configuration's.
    pub fn ask_in(
        self,
        source: &impl ProvideCredentials,
        context: &SourceContext,
    ) -> Result<Credentials, CredentialsError> {
        let result = wait(source.provide(context));
        assert!(!format!("{source:?} {context:?} {result:?}").contains("5ecret"), "{source:?} {context:?} {result:?}");
        if let Err(error) = &result {
            let message = error.to_string();
            assert!(!message.contains("5ecret") && !message.contains('\n'), "{message}");
        }
        result
    }
}

/// A configuration by hand over transports in memory, with a clock whose time passes by itself. Pauses are the longest.
pub fn over(net: &Arc<Net>) -> ConfigBuilder {
    at(net, TestClock::new())
}

pub fn at(net: &Arc<Net>, clock: TestClock) -> ConfigBuilder {
    with_net(Config::builder(), net, clock)
}

/// The configuration of an environment, over the same.
pub fn of_environment(net: &Arc<Net>, environment: &Environment) -> ConfigBuilder {
    with_net(ConfigBuilder::from_environment(environment, None).unwrap(), net, TestClock::new())
}

fn with_net(config: ConfigBuilder, net: &Arc<Net>, clock: TestClock) -> ConfigBuilder {
    config.transport(Arc::clone(net)).blocking_transport(Arc::clone(net)).clock(clock).jitter(|| 1.0)
}

/// Gives these answers, and the last one again and again.
pub fn one_after_another(answers: impl IntoIterator<Item = Answer>) -> Arc<Net> {
    let answers = Mutex::new(answers.into_iter().collect::<std::collections::VecDeque<_>>());
    Net::new(move |_| {
        let mut answers = answers.lock().unwrap();
        if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() }
    })
}
