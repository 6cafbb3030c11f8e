//! The parameters of Microsoft's driver and of jTDS, as the drivers' own sources list them
//! (`SQLServerDriver`, `Messages.properties`).

use crate::engine::jdbc::Meaning::{Different, Refused, Used};
use crate::engine::jdbc::{Driver, Parameter};

const fn parameter(names: &'static [&'static str], meaning: crate::engine::jdbc::Meaning) -> Parameter {
    Parameter { names, meaning }
}

const LOGIN: &str =
    "the login is not SQL Server's own; make a SQL login (`tomcat-sessions init-db --engine mssql` prints how)";
const TRUST_STORE: &str = "the trust store is not read. A certificate that is checked must be signed by an authority of the system, or by the one that `serverCertificate` in `--url` names.";

const COMMON: [Parameter; 24] = [
    parameter(&["user", "userName"], Used("the login, unless one is configured beside the URL")),
    parameter(&["password"], Used("its password, unless one is configured beside the URL")),
    parameter(&["serverName", "server"], Used("the server")),
    parameter(&["portNumber", "port"], Used("its port")),
    parameter(&["databaseName", "database"], Used("the database")),
    parameter(&["instanceName"], Used("ignored beside a port, which the driver prefers; refused without one")),
    parameter(&["trustServerCertificate"], Used("true: the certificate is not checked")),
    parameter(
        &["hostNameInCertificate"],
        Used("the name that the certificate must have; `*.example.org` is a pattern"),
    ),
    parameter(&["applicationName"], Used("the name that the server shows for the connection")),
    parameter(&["loginTimeout"], Used("the time that connecting may take, in seconds")),
    parameter(&["integratedSecurity"], Refused { unless: &["false", ""], why: LOGIN }),
    parameter(&["authentication"], Refused { unless: &["NotSpecified", "SqlPassword", ""], why: LOGIN }),
    parameter(&["accessToken"], Refused { unless: &[""], why: LOGIN }),
    parameter(&["accessTokenCallbackClass"], Refused { unless: &[""], why: LOGIN }),
    parameter(&["domain", "domainName"], Refused { unless: &[""], why: LOGIN }),
    parameter(&["clientCertificate"], Refused { unless: &[""], why: "the client's certificate is not sent" }),
    parameter(&["socketFactoryClass"], Refused { unless: &[""], why: "a class of its own opens the connection" }),
    parameter(&["failoverPartner"], Used("the server that is tried where the first one cannot be had.")),
    parameter(&["trustStore"], Different(TRUST_STORE)),
    parameter(&["trustManagerClass"], Different("the certificate is checked as this program does it.")),
    parameter(&["applicationIntent"], Used("ReadOnly: a readable secondary takes the connection")),
    parameter(&["columnEncryptionSetting"], Different("columns that the driver encrypts cannot be read.")),
    parameter(&["multiSubnetFailover"], Used("true: all addresses of the server are tried at once")),
    parameter(&["useDefaultJaasConfig"], Different("logins by Kerberos are not known.")),
];

const IGNORED: &[&str] = &[
    "AADSecurePrincipalId AADSecurePrincipalSecret accessTokenCallback authenticationScheme",
    "bulkCopyForBatchInsertAllowEncryptedValueModifications bulkCopyForBatchInsertBatchSize",
    "bulkCopyForBatchInsertCheckConstraints bulkCopyForBatchInsertFireTriggers",
    "bulkCopyForBatchInsertKeepIdentity bulkCopyForBatchInsertKeepNulls bulkCopyForBatchInsertTableLock",
    "cacheBulkCopyMetadata calcBigDecimalPrecision cancelQueryTimeout clientKey clientKeyPassword",
    "concatNullYieldsNull connectRetryCount connectRetryInterval datetimeParameterType delayLoadingLobs",
    "disableStatementPooling enablePrepareOnFirstPreparedStatementCall enclaveAttestationProtocol",
    "enclaveAttestationUrl fips gsscredential ignoreOffsetOnDateTimeOffsetConversion iPAddressPreference",
    "jaasConfigurationName keyStoreAuthentication keyStoreLocation keyStorePrincipalId keyStoreSecret",
    "keyVaultProviderClientId keyVaultProviderClientKey lastUpdateCount lockTimeout maxResultBuffer",
    "msiClientId packetSize prepareMethod queryTimeout quotedIdentifier realm replication",
    "responseBuffering retryConn retryExec selectMethod sendStringParametersAsUnicode",
    "sendTemporalDataTypesAsStringForBulkCopy sendTimeAsDatetime serverNameAsACE",
    "serverPreparedStatementDiscardThreshold serverSpn socketFactoryConstructorArg socketTimeout",
    "sslProtocol statementPoolingCacheSize TransparentNetworkIPResolution trustManagerConstructorArg",
    "trustStorePassword trustStoreType useBulkCopyForBatchInsert useDefaultGSSCredential",
    "useFlexibleCallableStatements useFmtOnly vectorTypeSupport workstationID xopenStates",
];

const RULES: [&str; 5] = [
    "Names match in any case, spaces around names and values are removed; a value in braces may hold `;`, and `}}` stands for `}`.",
    "Of a parameter that is repeated, under whichever of its names, the last one counts.",
    "The account configured beside the URL beats the one in it.",
    "With a port, `\\INSTANCE` and `instanceName` are ignored.",
    "The database is `;databaseName=…`; one behind a `/` is refused, as the driver takes it for the port or the host.",
];

/// mssql-jdbc since 10.2.
pub(super) static MICROSOFT: Driver = Driver {
    name: "Microsoft's driver since 10.2",
    scheme: "jdbc:sqlserver:",
    parameters: &{
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = COMMON;
        [
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
            i,
            j,
            k,
            l,
            m,
            n,
            o,
            p,
            q,
            r,
            s,
            t,
            u,
            v,
            w,
            x,
            parameter(
                &["encrypt"],
                Used(
                    "TLS: true or mandatory (the default), strict (TDS 8); false, no or optional encrypt the login alone",
                ),
            ),
            parameter(&["serverCertificate"], Used("the file of the authority that signed the server's certificate")),
        ]
    },
    ignored: IGNORED,
    rules: &RULES,
    exact_case: false,
};

/// mssql-jdbc before 10.2.
pub(super) static MICROSOFT_OLD: Driver = Driver {
    name: "Microsoft's driver before 10.2",
    scheme: "jdbc:sqlserver:",
    parameters: &{
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = COMMON;
        [
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
            i,
            j,
            k,
            l,
            m,
            n,
            o,
            p,
            q,
            r,
            s,
            t,
            u,
            v,
            w,
            x,
            parameter(&["encrypt"], Used("TLS: true; false (the default) encrypts the login alone")),
        ]
    },
    ignored: IGNORED,
    rules: &RULES,
    exact_case: false,
};

/// jTDS 1.3.
pub(super) static JTDS: Driver = Driver {
    name: "jTDS",
    scheme: "jdbc:jtds:sqlserver:",
    parameters: &[
        parameter(&["user"], Used("the login; beats the one configured beside the URL")),
        parameter(&["password"], Used("its password; beats the one configured beside the URL")),
        parameter(&["serverName"], Used("the server, where the URL names none behind `//`")),
        parameter(&["portNumber"], Used("its port")),
        parameter(&["databaseName"], Used("the database; one behind the `/` says the same")),
        parameter(&["instance"], Used("ignored beside a port; refused without one")),
        parameter(
            &["ssl"],
            Used(
                "TLS: off (the default), request (where the server has it), require (neither checks the certificate), authenticate",
            ),
        ),
        parameter(&["appName"], Used("the name that the server shows for the connection")),
        parameter(&["loginTimeout"], Used("the time that connecting may take, in seconds")),
        parameter(&["domain"], Refused { unless: &[""], why: LOGIN }),
        parameter(&["useKerberos"], Refused { unless: &["false", ""], why: LOGIN }),
        parameter(&["namedPipe"], Refused { unless: &["false", ""], why: "named pipes are not known" }),
        parameter(&["bindAddress"], Different("the connection comes from the address that the system chooses.")),
    ],
    ignored: &[
        "autoCommit batchSize bufferDir bufferMaxMemory bufferMinPackets cacheMetaData charset language",
        "lastUpdateCount lobBuffer logFile macAddress maxStatements packetSize prepareSQL processId progName",
        "sendStringParametersAsUnicode serverType socketKeepAlive socketTimeout tcpNoDelay tds useCursors",
        "useJCIFS useLOBs useNTLMv2 wsid xaEmulation",
        // Of Microsoft's driver; jTDS ignores them, too.
        "AADSecurePrincipalId AADSecurePrincipalSecret accessToken accessTokenCallback",
        "accessTokenCallbackClass applicationIntent applicationName authentication authenticationScheme",
        "calcBigDecimalPrecision cancelQueryTimeout clientCertificate clientKey clientKeyPassword",
        "columnEncryptionSetting connectRetryCount connectRetryInterval datetimeParameterType",
        "delayLoadingLobs disableStatementPooling enablePrepareOnFirstPreparedStatementCall",
        "enclaveAttestationProtocol enclaveAttestationUrl encrypt failoverPartner fips gsscredential",
        "hostNameInCertificate ignoreOffsetOnDateTimeOffsetConversion instanceName integratedSecurity",
        "iPAddressPreference jaasConfigurationName keyStoreAuthentication keyStoreLocation",
        "keyStorePrincipalId keyStoreSecret keyVaultProviderClientId keyVaultProviderClientKey lockTimeout",
        "maxResultBuffer msiClientId multiSubnetFailover prepareMethod queryTimeout realm replication",
        "responseBuffering selectMethod sendTemporalDataTypesAsStringForBulkCopy sendTimeAsDatetime",
        "serverCertificate serverNameAsACE serverPreparedStatementDiscardThreshold serverSpn",
        "socketFactoryClass socketFactoryConstructorArg sslProtocol statementPoolingCacheSize",
        "TransparentNetworkIPResolution trustManagerClass trustManagerConstructorArg trustServerCertificate",
        "trustStore trustStorePassword trustStoreType useBulkCopyForBatchInsert useDefaultGSSCredential",
        "useDefaultJaasConfig useFlexibleCallableStatements useFmtOnly workstationID xopenStates",
    ],
    rules: &[
        "Names match in any case.",
        "Of a parameter that is repeated, the last one counts.",
        "The account in the URL beats the one configured beside it.",
    ],
    exact_case: false,
};
