//! The parameters of Microsoft's driver and of jTDS, from the sources of the drivers (`SQLServerDriver`,
//! `Messages.properties`).

use crate::engine::jdbc::ParameterEffect::{Different, Refused, Used};
use crate::engine::jdbc::{Driver, Parameter};

const fn parameter(names: &'static [&'static str], effect: crate::engine::jdbc::ParameterEffect) -> Parameter {
    Parameter::new(names, effect)
}

const LOGIN: &str =
    "only SQL Server logins are supported; create one (`tomcat-sessions init-db --engine mssql` prints the statements)";
const TRUST_STORE: &str = "the trust store is not read. A server certificate that the program checks must be signed by a CA that this system trusts, or by the CA in `serverCertificate` in `--url`.";

const COMMON: [Parameter; 24] = [
    parameter(&["user", "userName"], Used("the login, unless one is configured separately from the URL")),
    parameter(&["password"], Used("its password, unless one is configured separately from the URL")),
    parameter(&["serverName", "server"], Used("the server")),
    parameter(&["portNumber", "port"], Used("its port")),
    parameter(&["databaseName", "database"], Used("the database")),
    parameter(&["instanceName"], Used("ignored if there is a port, which the driver prefers; refused without a port")),
    parameter(&["trustServerCertificate"], Used("true: the certificate is not checked")),
    parameter(&["hostNameInCertificate"], Used("the expected name in the certificate; `*.example.org` is a pattern")),
    parameter(&["applicationName"], Used("the name of the connection as the server shows it")),
    parameter(&["loginTimeout"], Used("time limit for connecting, in seconds")),
    parameter(&["integratedSecurity"], Refused { unless: &["false", ""], why: LOGIN }),
    parameter(&["authentication"], Refused { unless: &["NotSpecified", "SqlPassword", ""], why: LOGIN }),
    parameter(&["accessToken"], Refused { unless: &[""], why: LOGIN }),
    parameter(&["accessTokenCallbackClass"], Refused { unless: &[""], why: LOGIN }),
    parameter(&["domain", "domainName"], Refused { unless: &[""], why: LOGIN }),
    parameter(&["clientCertificate"], Refused { unless: &[""], why: "client certificates are not sent" }),
    parameter(&["socketFactoryClass"], Refused { unless: &[""], why: "a custom class would open the connection" }),
    parameter(&["failoverPartner"], Used("the server to try if the first one is unreachable.")),
    parameter(&["trustStore"], Different(TRUST_STORE)),
    parameter(&["trustManagerClass"], Different("the program checks the certificate in its own way.")),
    parameter(&["applicationIntent"], Used("ReadOnly: connect to a readable secondary")),
    parameter(&["columnEncryptionSetting"], Different("columns encrypted by the driver cannot be read.")),
    parameter(&["multiSubnetFailover"], Used("true: connect to all addresses of the server at the same time")),
    parameter(&["useDefaultJaasConfig"], Different("Kerberos logins are not supported.")),
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
    "Names are case-insensitive. Spaces around names and values are removed. A value in braces may contain `;`, and `}}` stands for `}`.",
    "If a parameter is repeated, under any of its names, the last one counts.",
    "An account configured separately from the URL takes precedence over the one in the URL.",
    "With a port, `\\INSTANCE` and `instanceName` are ignored.",
    "The database is `;databaseName=…`. A database after a `/` is refused, because the driver would read it as part of the port or of the host.",
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
            parameter(
                &["serverCertificate"],
                Used("the file with the CA certificate that signed the server's certificate"),
            ),
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
        parameter(&["user"], Used("the login; takes precedence over the one configured separately")),
        parameter(&["password"], Used("its password; takes precedence over the one configured separately")),
        parameter(&["serverName"], Used("the server, if the URL has none after `//`")),
        parameter(&["portNumber"], Used("its port")),
        parameter(&["databaseName"], Used("the database; the same as after the `/`")),
        parameter(&["instance"], Used("ignored if there is a port; refused without a port")),
        parameter(
            &["ssl"],
            Used(
                "TLS: off (the default), request (if the server offers it), require (both without a check of the certificate), authenticate",
            ),
        ),
        parameter(&["appName"], Used("the name of the connection as the server shows it")),
        parameter(&["loginTimeout"], Used("time limit for connecting, in seconds")),
        parameter(&["domain"], Refused { unless: &[""], why: LOGIN }),
        parameter(&["useKerberos"], Refused { unless: &["false", ""], why: LOGIN }),
        parameter(&["namedPipe"], Refused { unless: &["false", ""], why: "named pipes are not supported" }),
        parameter(&["bindAddress"], Different("the system chooses the local address.")),
    ],
    ignored: &[
        "autoCommit batchSize bufferDir bufferMaxMemory bufferMinPackets cacheMetaData charset language",
        "lastUpdateCount lobBuffer logFile macAddress maxStatements packetSize prepareSQL processId progName",
        "sendStringParametersAsUnicode serverType socketKeepAlive socketTimeout tcpNoDelay tds useCursors",
        "useJCIFS useLOBs useNTLMv2 wsid xaEmulation",
        // Parameters of Microsoft's driver, which jTDS ignores too.
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
        "Names are case-insensitive.",
        "If a parameter is repeated, the last one counts.",
        "An account in the URL takes precedence over the one configured separately.",
    ],
    exact_case: false,
};
