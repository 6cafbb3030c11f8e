//! The parameters of Connector/J and of MariaDB's driver, as the drivers' own sources list them
//! (`PropertyKey`, `ConnectionPropertiesImpl`, `Configuration`, `DefaultOptions`).

use crate::engine::jdbc::Meaning::{Different, Refused, Used};
use crate::engine::jdbc::{Driver, Parameter};

const fn parameter(names: &'static [&'static str], meaning: crate::engine::jdbc::Meaning) -> Parameter {
    Parameter { names, meaning }
}

const SOCKET_FACTORY: &str = "a class of its own opens the connection";
const TRUST_STORE: &str = "the trust store is not read. A certificate that is checked must be signed by an authority of the system, or by the one that `ssl-ca` in `--url` names.";
const KEY_STORE: &str = "the key store is not read. An account that requires a client certificate needs `ssl-cert` and `ssl-key` in `--url`.";
const LOCAL_ADDRESS: &str = "the connection comes from the address that the system chooses.";
const STANDARD_FACTORIES: &[&str] = &[
    "com.mysql.cj.protocol.StandardSocketFactory",
    "com.mysql.cj.core.io.StandardSocketFactory",
    "com.mysql.jdbc.StandardSocketFactory",
];
const TIMEOUT: &str = "the time that connecting may take, in milliseconds";

/// The names of every parameter of the four, but for those that all of them use. A driver ignores those of
/// the others, and MariaDB's keep what they do not know for plug-ins.
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
        parameter(&["user"], Used("the account, unless one is configured beside the URL")),
        parameter(&["password"], Used("its password, unless one is configured beside the URL")),
        parameter(&["host"], Used("the server, where the URL has none before the database (`jdbc:mysql:///shop`)")),
        parameter(&["port"], Used("the port, where the URL has none behind the host")),
        parameter(&["dbname"], Used("the database; beats the one in the path")),
        parameter(
            &["sslMode"],
            Used(
                "TLS: DISABLED, PREFERRED (the default) and REQUIRED (neither checks the certificate), VERIFY_CA, VERIFY_IDENTITY",
            ),
        ),
        parameter(&["useSSL"], Used("without sslMode: false is DISABLED, true PREFERRED")),
        parameter(&["requireSSL"], Used("without sslMode and with TLS: true is REQUIRED")),
        parameter(&["verifyServerCertificate"], Used("without sslMode and with TLS: true is VERIFY_CA")),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["protocol"], Refused { unless: &["", "tcp"], why: "only TCP and UNIX sockets are known" }),
        parameter(&["socketFactory"], Refused { unless: STANDARD_FACTORIES, why: SOCKET_FACTORY }),
        parameter(&["cloudSqlInstance"], Refused { unless: &[""], why: "Google's connector looks the server up" }),
        parameter(&["dnsSrv"], Refused { unless: &["false", "no"], why: "the servers are looked up in DNS" }),
        parameter(&["socksProxyHost"], Refused { unless: &[""], why: "the connection goes through a SOCKS proxy" }),
        parameter(&["propertiesTransform"], Refused { unless: &[""], why: "a class of its own changes the URL" }),
        parameter(&["trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "Names match in any case, spaces around names and values are removed, and values are percent-decoded (`+` is a space).",
        "Of a parameter that is repeated, the last one counts.",
        "`user:password@` in the URL beats the account configured beside it, which beats `user` and `password` behind the `?`.",
        "`sslMode` beats `useSSL`, `requireSSL` and `verifyServerCertificate`. `useSSL=false` beats the other two.",
        "What follows a `#` is ignored.",
    ],
    exact_case: false,
};

/// Connector/J 5.1.
pub(super) static CONNECTOR_5: Driver = Driver {
    name: "Connector/J 5.1",
    scheme: "jdbc:mysql:",
    parameters: &[
        parameter(&["user"], Used("the account, unless one is configured beside the URL")),
        parameter(&["password"], Used("its password, unless one is configured beside the URL")),
        parameter(
            &["useSSL"],
            Used("false: no TLS. true: TLS. Without it, TLS where the server has it, and no certificate is checked"),
        ),
        parameter(
            &["requireSSL"],
            Used("with useSSL=true and verifyServerCertificate=false: no connection without TLS"),
        ),
        parameter(
            &["verifyServerCertificate"],
            Used("with useSSL=true: true (the default) checks who signed the certificate"),
        ),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["socketFactory"], Refused { unless: STANDARD_FACTORIES, why: SOCKET_FACTORY }),
        parameter(&["cloudSqlInstance"], Refused { unless: &[""], why: "Google's connector looks the server up" }),
        parameter(&["socksProxyHost"], Refused { unless: &[""], why: "the connection goes through a SOCKS proxy" }),
        parameter(&["propertiesTransform"], Refused { unless: &[""], why: "a class of its own changes the URL" }),
        parameter(
            &["sslMode"],
            Different(
                "Connector/J 5.1 does not know it. Its parameters for TLS are `useSSL`, `requireSSL` and `verifyServerCertificate`.",
            ),
        ),
        parameter(&["trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "It is taken for this version only where its jar in `lib` says so.",
        "Names are case-sensitive; values are percent-decoded (`+` is a space), and one without a value is ignored.",
        "Of a parameter that is repeated, the last one counts.",
        "The account configured beside the URL beats the one in it.",
    ],
    exact_case: true,
};

/// MariaDB Connector/J 3.
pub(super) static MARIADB_3: Driver = Driver {
    name: "MariaDB Connector/J 3",
    scheme: "jdbc:mariadb:",
    parameters: &[
        parameter(&["user"], Used("the account; beats the one configured beside the URL")),
        parameter(&["password"], Used("its password; beats the one configured beside the URL")),
        parameter(
            &["sslMode"],
            Used(
                "TLS: disable (the default), trust (does not check the certificate), verify-ca, verify-full, and Connector/J's words for them but PREFERRED",
            ),
        ),
        parameter(&["useSsl", "useSSL"], Used("beats sslMode with `true`, `1` or no value: as verify-full")),
        parameter(&["trustServerCertificate"], Used("with useSsl: as sslMode=trust")),
        parameter(&["disableSslHostnameVerification"], Used("with useSsl: as sslMode=verify-ca")),
        parameter(&["serverSslCert"], Used("the file of the authority that signed the server's certificate")),
        parameter(&["localSocket"], Used("the server's UNIX socket")),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["pipe"], Refused { unless: &[""], why: "named pipes are not known" }),
        parameter(&["socketFactory"], Refused { unless: &[""], why: SOCKET_FACTORY }),
        parameter(&["credentialType"], Refused { unless: &[""], why: "a plug-in provides the account" }),
        parameter(&["trustStore", "trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["keyStore", "clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "Names match in any case (but for `useSsl` and `useSSL`); nothing is percent-decoded, and a password may hold `#` and `%`.",
        "Of a parameter that is repeated, the last one counts.",
        "The account in the URL beats the one configured beside it.",
        "Without `sslMode` and `useSsl` nothing is encrypted.",
    ],
    exact_case: false,
};

/// MariaDB Connector/J 2.
pub(super) static MARIADB_2: Driver = Driver {
    name: "MariaDB Connector/J 2",
    scheme: "jdbc:mariadb:",
    parameters: &[
        parameter(&["user"], Used("the account; beats the one configured beside the URL")),
        parameter(&["password"], Used("its password; beats the one configured beside the URL")),
        parameter(&["useSsl", "useSSL"], Used("TLS with a checked certificate; without it, no TLS")),
        parameter(&["trustServerCertificate"], Used("with useSsl: the certificate is not checked")),
        parameter(&["disableSslHostnameVerification"], Used("with useSsl: the certificate's name is not checked")),
        parameter(&["serverSslCert"], Used("the file of the authority that signed the server's certificate")),
        parameter(&["localSocket"], Used("the server's UNIX socket")),
        parameter(&["connectTimeout"], Used(TIMEOUT)),
        parameter(&["pipe"], Refused { unless: &[""], why: "named pipes are not known" }),
        parameter(&["sharedMemory"], Refused { unless: &[""], why: "shared memory is not known" }),
        parameter(&["socketFactory"], Refused { unless: &[""], why: SOCKET_FACTORY }),
        parameter(&["credentialType"], Refused { unless: &[""], why: "a plug-in provides the account" }),
        parameter(&["sslMode"], Different("MariaDB Connector/J 2 does not know it, and encrypts with `useSsl` alone.")),
        parameter(&["trustStore", "trustCertificateKeyStoreUrl"], Different(TRUST_STORE)),
        parameter(&["keyStore", "clientCertificateKeyStoreUrl"], Different(KEY_STORE)),
        parameter(&["localSocketAddress"], Different(LOCAL_ADDRESS)),
    ],
    ignored: NAMES,
    rules: &[
        "It is taken for this version only where its jar in `lib` says so.",
        "Names are case-sensitive; nothing is percent-decoded.",
        "Of a parameter that is repeated, the last one counts.",
        "The account in the URL beats the one configured beside it.",
    ],
    exact_case: true,
};
