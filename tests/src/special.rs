//! Operations of services that retries treat otherwise, as far as retries look at them: without members, and without
//! modelled errors.

use workstream::runtime::{Error, OperationDescription, ServiceDescription, ServiceError};
use workstream::{Operation, Protocol};
use workstream_runtime::__private::Generated;
use workstream_runtime::{Reader, Value, Writer};

macro_rules! special {
    ($($input:ident $(.$of_operation:ident())? of $service:ident ($folder:literal, $id:literal)
        $(.$of_service:ident($($argument:literal),*))?;)*) => { $(
        #[doc = concat!("`", stringify!($input), "` of ", $id, ".")]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $input;

        impl Value for $input {
            fn write(&self, writer: &mut Writer) {
                writer.structure(stringify!($input)).end();
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                let mut members = reader.structure(stringify!($input));
                while members.next() {}
            }
        }

        #[doc = concat!("As far as `", stringify!($input), "` needs it.")]
        pub static $service: ServiceDescription =
            ServiceDescription::new($folder, $id, &[Protocol::AwsJson1_1])$(.$of_service($($argument),*))?;

        impl Generated for $input {}

        impl Operation for $input {
            type Output = Self;
            type ServiceError = NoneModelled;
            type Error = Error<NoneModelled>;
            const DESCRIPTION: &'static OperationDescription =
                &OperationDescription::new(stringify!($input), &$service, stringify!($input), "/")$(.$of_operation())?;
        }
    )* };
}

special! {
    ListTables of DYNAMODB ("dynamodb", "DynamoDB").retries(4, 25);
    ReceiveMessage.long_polling() of SQS ("sqs", "SQS");
    ListQueues of SQS_TOO ("sqs", "SQS");
}

/// Errors of a service whose model has none.
#[derive(Clone, Debug, PartialEq)]
pub struct NoneModelled;

impl Generated for NoneModelled {}

impl ServiceError for NoneModelled {
    fn from_code(_code: &str) -> Self {
        Self
    }

    fn members(&self) -> Option<&dyn Value> {
        None
    }

    fn members_mut(&mut self) -> Option<&mut dyn Value> {
        None
    }

    fn shape(&self) -> Option<&'static str> {
        None
    }
}
