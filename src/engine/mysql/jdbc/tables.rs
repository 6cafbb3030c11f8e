//! The parameters of Connector/J and of MariaDB's driver, from the sources of the drivers (`PropertyKey`,
//! `ConnectionPropertiesImpl`, `Configuration`, `DefaultOptions`).

use crate::engine::jdbc::ParameterEffect::{Different, Refused, Used};
use crate::engine::jdbc::{Driver, Parameter};

const fn parameter(names: &'static [&'static str], effect: crate::engine::jdbc::ParameterEffect) -> Parameter {
    Parameter::new(names, effect)
}

const SOCKET_FACTORY: &str = "a custom class would open the connection";
const TRUST_STORE: &str = "the trust store is not read. A server certificate that the program checks must be signed by a CA that this system trusts, or by the CA in `ssl-ca` in `--url`.";
const KEY_STORE: &str = "the key store is not read. An account that requires a client certificate needs `ssl-cert` and `ssl-key` in `--url`.";
const LOCAL_ADDRESS: &str = "the system chooses the local address.";
const STANDARD_FACTORIES: &[&str] = &[
    "com.mysql.cj.protocol.StandardSocketFactory",
    "com.mysql.cj.core.io.StandardSocketFactory",
    "com.mysql.jdbc.StandardSocketFactory",
];
const TIMEOUT: &str = "time limit for connecting, in milliseconds";

/// The names of all parameters of the four drivers, except those that all of them use. A driver ignores those of the
/// others, and MariaDB's drivers pass unknown parameters to plug-ins.
const NAMES: &[&str] = &[
    "address allowLoadLocalInfile allowLoadLocalInfileInPath allowLocalInfile allowMasterDownConnection",
    "allowMasterDownConnections allowMultiQueries allowNanAndInf allowPublicKeyRetrieval",
    "allowReplicaDownConnections allowSlaveDownConnections allowSourceDownConnections",
    "allowUrlInLocalInfile alwaysSendSetIsolation assureReadOnly",
    "authenticationOpenidConnectCallbackHandler authenticationPlugins",
    "authenticationWebAuthnCallbackHandler autoClosePStmtStreams autocommit autoDeserialize",
    "autoGenerateTestcaseScript autoReconnect autoReconnectForPools autoSlowLog blankTableNameMeta",
    "blobsAreStrings blobSendChunkSize cacheCallableStmts cacheDefaultTimeZone cachePrepStmts",
    "cacheResultSetMetadata cacheServerConfiguration callableStmtCacheSize capitalizeTypeNames",
    "characterEncoding characterSetResults clientCertificateKeyStorePassword",
    "clientCertificateKeyStoreType clientInfoProvider clobberStreamingResults clobCharacterEncoding",
    "compensateOnDuplicateKeyUpdateCounts connectionAttributes connectionCollation",
    "connectionLifecycleInterceptors connectionTimeZone continueBatchOnError createDatabaseIfNotExist",
    "createDB credentialType customCharsetMapping database databaseTerm dbname",
    "defaultAuthenticationPlugin defaultFetchSize detectCustomCollations disabledAuthenticationPlugins",
    "disablePipeline disableSslHostnameVerification disconnectOnExpiredPasswords dnsSrv",
    "dontCheckOnDuplicateKeyUpdateInSQL dontTrackOpenResources dumpMetadataOnColumnNotFound",
    "dumpQueriesOnException dynamicCalendars elideSetAutoCommits emptyStringsConvertToZero",
    "emulateLocators emulateUnsupportedPstmts enabledSSLCipherSuites enabledSslProtocolSuites",
    "enabledTLSProtocols enableEscapeProcessing enablePacketDebug enableQueryTimeouts ensureSocketState",
    "exceptionInterceptors explainSlowQueries failOnReadOnly failoverLoopRetries failOverReadOnly",
    "fallbackToSystemKeyStore fallbackToSystemTrustStore fipsCompliantJsse",
    "forceConnectionTimeZoneToSession functionsNeverReturnBlobs galeraAllowedState gatherPerfMetrics",
    "generateSimpleParameterMetadata geometryDefaultType getProceduresReturnsFunctions ha.enableJMX",
    "ha.loadBalanceStrategy haEnableJMX haLoadBalanceStrategy holdResultsOpenOverStatementClose host",
    "idTokenFile ignoreNonTxTables includeInnodbStatusInDeadlockExceptions",
    "includeThreadDumpInDeadlockExceptions includeThreadNamesAsStatementComment initialTimeout initSql",
    "interactiveClient jdbcCompliantTruncation KeyManagerFactoryProvider keyPassword keyStore",
    "keyStorePassword keyStoreProvider keyStoreType largeRowSizeThreshold ldapServerHostname",
    "loadBalanceAutoCommitStatementRegex loadBalanceAutoCommitStatementThreshold",
    "loadBalanceBlacklistTimeout loadBalanceBlocklistTimeout loadBalanceConnectionGroup",
    "loadBalanceEnableJMX loadBalanceExceptionChecker loadBalanceHostRemovalGracePeriod",
    "loadBalancePingTimeout loadBalanceSQLExceptionSubclassFailover loadBalanceSQLStateFailover",
    "loadBalanceStrategy loadBalanceValidateConnectionOnSwapServer localSocket locatorFetchBufferSize log",
    "logger logSlowQueries logXaCommands maintainTimeStats maxAllowedPacket maxByteArrayAsHex maxIdleTime",
    "maximizeMysqlCompatibility maxPoolSize maxQuerySizeToLog maxReconnects maxRows metadataCacheSize",
    "minPoolSize namedPipePath netTimeoutForStreamingResults noAccessToProcedureBodies",
    "noDatetimeStringSync noTimezoneConversionForDateType noTimezoneConversionForTimeType",
    "nullCatalogMeansCurrent nullDatabaseMeansCurrent nullNamePatternMatchesAll ociConfigFile",
    "ociConfigProfile openTelemetry overrideSupportsIntegrityEnhancementFacility packetDebugBufferSize",
    "padCharsWithSpace paranoid parseInfoCacheFactory passwordCharacterEncoding path pedantic",
    "permitMysqlScheme pinGlobalTxToPhysicalConnection pipe pool poolName poolValidMinDelay",
    "populateInsertRowWithDefaultValues port prepStmtCacheSize prepStmtCacheSqlLimit preserveInstants",
    "priority processEscapeCodesForPrepStmts profilerEventHandler profileSQL propertiesTransform protocol",
    "queriesBeforeRetryMaster queriesBeforeRetrySource queryInfoCacheFactory queryInterceptors",
    "queryTimeoutKillsConnection readFromMasterWhenNoSlaves readFromSourceWhenNoReplicas",
    "readOnlyPropagatesToServer reconnectAtTxEnd registerJmxPool relaxAutoCommit",
    "replicationConnectionGroup replicationEnableJMX reportMetricsIntervalMillis requireSSL resourceId",
    "restrictedAuth resultSetSizeThreshold retainStatementAfterResultSetClose retriesAllDown",
    "returnMultiValuesGeneratedIds rewriteBatchedStatements rollbackOnPooledClose roundRobinLoadBalance",
    "runningCTS13 scrollTolerantForwardOnly secondsBeforeRetryMaster secondsBeforeRetrySource",
    "selfDestructOnPingMaxOperations selfDestructOnPingSecondsLifetime sendFractionalSeconds",
    "sendFractionalSecondsForTime serverAffinityOrder serverConfigCacheFactory serverRSAPublicKeyFile",
    "serverSslCert serverTimezone servicePrincipalName sessionVariables sharedMemory",
    "slowQueryThresholdMillis slowQueryThresholdNanos socketTimeout socksProxyHost socksProxyPort",
    "socksProxyRemoteDns ssl sslContextProvider statementInterceptors staticGlobal strictFloatingPoint",
    "strictUpdates tcpAbortiveClose tcpKeepAlive tcpKeepCount tcpKeepIdle tcpKeepInterval tcpNoDelay",
    "tcpRcvBuf tcpSndBuf tcpTrafficClass timezone tinyInt1isBit tlsCiphersuites tlsSocketType tlsVersions",
    "traceProtocol trackSchema trackSessionState transactionIsolation transactionReplay",
    "transactionReplaySize transformedBitIsBoolean treatMysqlDatetimeAsTimestamp treatUtilDateAsTimestamp",
    "trustCertificateKeyStorePassword trustCertificateKeyStoreType trustManagerFactoryProvider",
    "trustServerCertificate trustStore trustStorePassword trustStoreType type ultraDevHack",
    "useAffectedRows useBatchMultiSend useBatchMultiSendNumber useBlobToStoreUTF8OutsideBMP useBulkStmts",
    "useBulkStmtsForInserts useCatalogTerm useColumnNamesInFindColumn useCompression useConfigs",
    "useCursorFetch useDirectRowUnpack useDynamicCharsetInfo useFastDateParsing useFastIntParsing",
    "useFractionalSeconds useGmtMillisForDatetimes useHostsInPrivileges useInformationSchema",
    "useJDBCCompliantTimezoneShift useJvmCharsetConverters useLegacyDatetimeCode useLocalSessionState",
    "useLocalTransactionState useMysqlMetadata useNanosForElapsedTime useOldAliasMetadataBehavior",
    "useOldUTF8Behavior useOnlyServerErrorMessages usePipelineAuth useReadAheadInput useResetConnection",
    "useServerPrepStmts useSqlStateCodes useSSPSCompatibleTimezoneShift useStreamLengthsInPrepStmts",
    "useTimezone useUnbufferedInput useUnicode useUsageAdvisor utf8OutsideBmpExcludedColumnNamePattern",
    "utf8OutsideBmpIncludedColumnNamePattern uuidAsString validConnectionTimeout verifyServerCertificate",
    "xdevapi.asyncResponseTimeout xdevapi.auth xdevapi.compression xdevapiAsyncResponseTimeout",
    "xdevapiAuth xdevapiCompression yearIsDateType zeroDateTimeBehavior",
];

/// Connector/J 8 and 9.
pub(super) static CONNECTOR_8: Driver = Driver {
    name: "Connector/J 8 and 9",
    scheme: "jdbc:mysql:",
    parameters: &[
        parameter(&["user"], Used("the account, unless one is configured separately from the URL")),
        parameter(&["password"], Used("its password, unless one is configured separately from the URL")),
        parameter(&["host"], Used("the server, if the URL has none before the database (`jdbc:mysql:///shop`)")),
        parameter(&["port"], Used("the port, if the URL has none after the host")),
        parameter(&["dbname"], Used("the database; takes precedence over the one in the path")),
        parameter(
            &["sslMode"],
            Used(
                "TLS: DISABLED, PREFERRED (the default) and REQUIRED (neither checks the certificate), VERIFY_CA, VERIFY_IDENTITY",
            ),
        ),
        parameter(&["useSSL"], Used("without sslMode: false is DISABLED, true PREFERRED")),
        parameter(
            &["requireSSL"],
            Used(
                "if sslMode is not set and useSSL is not false: true is REQUIRED, unless verifyServerCertificate is true",
            ),
        ),
        parameter(
            &["verifyServerCertificate"],
            Used("if sslMode is not set and useSSL is not false: true is VERIFY_CA"),
        ),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["protocol"], Refused { unless: &["", "tcp"], why: "only TCP and Unix sockets are supported" }),
        parameter(&["socketFactory"], Refused { unless: STANDARD_FACTORIES, why: SOCKET_FACTORY }),
        parameter(&["cloudSqlInstance"], Refused { unless: &[""], why: "Google's connector would look up the server" }),
        parameter(&["dnsSrv"], Refused { unless: &["false", "no"], why: "the servers would be looked up in DNS" }),
        parameter(&["socksProxyHost"], Refused { unless: &[""], why: "SOCKS proxies are not supported" }),
        parameter(&["propertiesTransform"], Refused { unless: &[""], why: "a custom class would change the URL" }),
        parameter(&["trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "Names are case-insensitive. Spaces around names and values are removed. Values are percent-decoded (`+` is a space).",
        "If a parameter is repeated, the last one counts.",
        "`user:password@` in the URL takes precedence over an account configured separately, which takes precedence over `user` and `password` after the `?`.",
        "`sslMode` takes precedence over `useSSL`, `requireSSL` and `verifyServerCertificate`. `useSSL=false` takes precedence over the other two.",
        "Everything after a `#` is ignored.",
    ],
    exact_case: false,
};

/// Connector/J 5.1.
pub(super) static CONNECTOR_5: Driver = Driver {
    name: "Connector/J 5.1",
    scheme: "jdbc:mysql:",
    parameters: &[
        parameter(&["user"], Used("the account, unless one is configured separately from the URL")),
        parameter(&["password"], Used("its password, unless one is configured separately from the URL")),
        parameter(
            &["useSSL"],
            Used(
                "false: no TLS. true: TLS; with verifyServerCertificate=false and without requireSSL=true, only if \
                 the server offers it. Not set: TLS if the server offers it; the certificate is not checked",
            ),
        ),
        parameter(
            &["requireSSL"],
            Used("with useSSL=true and verifyServerCertificate=false: no connection without TLS"),
        ),
        parameter(
            &["verifyServerCertificate"],
            Used("with useSSL=true: true (the default) checks the certificate, without the host name"),
        ),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["socketFactory"], Refused { unless: STANDARD_FACTORIES, why: SOCKET_FACTORY }),
        parameter(&["cloudSqlInstance"], Refused { unless: &[""], why: "Google's connector would look up the server" }),
        parameter(&["socksProxyHost"], Refused { unless: &[""], why: "SOCKS proxies are not supported" }),
        parameter(&["propertiesTransform"], Refused { unless: &[""], why: "a custom class would change the URL" }),
        parameter(
            &["sslMode"],
            Different(
                "unknown to Connector/J 5.1, whose TLS parameters are `useSSL`, `requireSSL` and `verifyServerCertificate`.",
            ),
        ),
        parameter(&["trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "The program assumes this version only if the driver's jar in `lib` has it.",
        "Names are case-sensitive. Values are percent-decoded (`+` is a space). A parameter without a value is ignored.",
        "If a parameter is repeated, the last one counts.",
        "An account configured separately from the URL takes precedence over the one in the URL.",
    ],
    exact_case: true,
};

/// MariaDB Connector/J 3.
pub(super) static MARIADB_3: Driver = Driver {
    name: "MariaDB Connector/J 3",
    scheme: "jdbc:mariadb:",
    parameters: &[
        parameter(&["user"], Used("the account; takes precedence over the one configured separately")),
        parameter(&["password"], Used("its password; takes precedence over the one configured separately")),
        parameter(
            &["sslMode"],
            Used(
                "TLS: disable (the default), trust (does not check the certificate), verify-ca, verify-full, and the corresponding values of Connector/J except PREFERRED",
            ),
        ),
        Parameter::exact(
            &["useSsl", "useSSL"],
            Used("with `true`, `1` or no value it takes precedence over sslMode, and means verify-full"),
        ),
        Parameter::exact(&["trustServerCertificate"], Used("with useSsl: as sslMode=trust")),
        Parameter::exact(&["disableSslHostnameVerification"], Used("with useSsl: as sslMode=verify-ca")),
        parameter(&["serverSslCert"], Used("the file with the CA certificate that signed the server's certificate")),
        parameter(&["localSocket"], Used("the server's Unix socket")),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["pipe"], Refused { unless: &[""], why: "named pipes are not supported" }),
        parameter(&["socketFactory"], Refused { unless: &[""], why: SOCKET_FACTORY }),
        parameter(&["credentialType"], Refused { unless: &[""], why: "a plug-in would provide the account" }),
        parameter(&["trustStore", "trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["keyStore", "clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "Names are case-insensitive, except `useSsl`, `useSSL`, `trustServerCertificate` and `disableSslHostnameVerification`: other spellings of these have no effect. Nothing is percent-decoded; a password may contain `#` and `%`.",
        "If a parameter is repeated, the last one counts.",
        "An account in the URL takes precedence over the one configured separately.",
        "Without `sslMode` and `useSsl` nothing is encrypted.",
    ],
    exact_case: false,
};

/// MariaDB Connector/J 2.
pub(super) static MARIADB_2: Driver = Driver {
    name: "MariaDB Connector/J 2",
    scheme: "jdbc:mariadb:",
    parameters: &[
        parameter(&["user"], Used("the account; takes precedence over the one configured separately")),
        parameter(&["password"], Used("its password; takes precedence over the one configured separately")),
        parameter(&["useSsl", "useSSL"], Used("TLS, and the certificate is checked; without this parameter, no TLS")),
        parameter(&["trustServerCertificate"], Used("with useSsl: the certificate is not checked")),
        parameter(&["disableSslHostnameVerification"], Used("with useSsl: the certificate's name is not checked")),
        parameter(&["serverSslCert"], Used("the file with the CA certificate that signed the server's certificate")),
        parameter(&["localSocket"], Used("the server's Unix socket")),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["pipe"], Refused { unless: &[""], why: "named pipes are not supported" }),
        parameter(&["sharedMemory"], Refused { unless: &[""], why: "shared memory is not supported" }),
        parameter(&["socketFactory"], Refused { unless: &[""], why: SOCKET_FACTORY }),
        parameter(&["credentialType"], Refused { unless: &[""], why: "a plug-in would provide the account" }),
        parameter(&["sslMode"], Different("unknown to MariaDB Connector/J 2, which encrypts only with `useSsl`.")),
        parameter(&["trustStore", "trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["keyStore", "clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "The program assumes this version only if the driver's jar in `lib` has it.",
        "Names are case-sensitive; nothing is percent-decoded.",
        "If a parameter is repeated, the last one counts.",
        "An account in the URL takes precedence over the one configured separately.",
    ],
    exact_case: true,
};
