
# ---- appended by start.sh: a loopback-only test wiki, driven by request headers ----
# Never use this on a wiki that anyone else can reach: a client can set the clock,
# its own address and the replication lag.
$wgMainCacheType = CACHE_DB;
$wgParserCacheType = CACHE_NONE;
$wgMessageCacheType = CACHE_DB;
$wgSessionCacheType = CACHE_DB;
$wgJobRunRate = 0;
$wgEnablePartialActionBlocks = true;
$wgBlockAllowsUTEdit = true;
$wgUsePrivateIPs = true;
$wgCdnServers = [ '127.0.0.1' ];
$wgRateLimits = [];
$wgEnotifUserTalk = $wgEnotifWatchlist = false; # $wgEnableEmail stays on: without it "noemail" is refused
$wgShowExceptionDetails = true;
$wgDisableCounters = true;
$wgPasswordPolicy['policies']['default'] = [ 'MinimalPasswordLength' => [ 'value' => 1 ] ];
$wgRestrictDisplayTitle = false;
$wgAllowUserJs = false;
$wgGroupPermissions['sysop']['deletelogentry'] = true;
$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgGroupPermissions['bot']['apihighlimits'] = true;
# The Thanks extension is not packaged; its log type alone is declared here, and inside.php writes rows of the same
# form (type and action as Thanks has them).
$wgLogTypes[] = 'thanks';
$wgLogActionsHandlers['thanks/*'] = LogFormatter::class;
$wgLogNames['thanks'] = 'log-name-thanks';
$wgLogHeaders['thanks'] = 'log-description-thanks';
if ( PHP_SAPI === 'cli-server' || PHP_SAPI === 'cli' ) {
	$upstanderClock = $_SERVER['HTTP_X_TEST_CLOCK'] ?? getenv( 'UPSTANDER_TEST_CLOCK' );
	if ( $upstanderClock && preg_match( '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/', $upstanderClock ) ) {
		\Wikimedia\Timestamp\ConvertibleTimestamp::setFakeTime( $upstanderClock );
	}
	# X-Test-Lag: 7 makes every request that sends maxlag<7 fail with MediaWiki's own maxlag error
	$wgHooks['ApiMaxLagInfo'][] = static function ( &$info ) {
		$lag = $_SERVER['HTTP_X_TEST_LAG'] ?? null;
		if ( $lag !== null && ctype_digit( $lag ) ) {
			$info = [ 'host' => '127.0.0.1', 'lag' => (int)$lag, 'type' => 'db' ];
		}
	};
	# X-Test-Busy: 3 answers as the servers in front of a wiki do when too much is asked: 429, come again in 3 seconds
	$busy = $_SERVER['HTTP_X_TEST_BUSY'] ?? null;
	if ( $busy !== null && ctype_digit( $busy ) ) {
		http_response_code( 429 );
		header( 'Retry-After: ' . $busy );
		header( 'Content-Type: text/plain' );
		die( 'Too many requests.' );
	}
	# X-Test-Ratelimit: 1 is MediaWiki's own word for the same
	if ( ( $_SERVER['HTTP_X_TEST_RATELIMIT'] ?? '' ) === '1' ) {
		$wgHooks['ApiCheckCanExecute'][] = static function ( $module, $user, &$message ) {
			$message = 'apierror-ratelimited';
			return false;
		};
	}
	if ( ( $_SERVER['HTTP_X_TEST_READONLY'] ?? '' ) === '1' ) {
		$wgReadOnly = 'The test asked for read-only mode.';
	}
}
# Visitors who edit get temporary accounts where inside.php makes them, in the form of Wikimedia's wikis.
if ( PHP_SAPI === 'cli' ) {
	$wgAutoCreateTempUser['enabled'] = true;
	$wgAutoCreateTempUser['genPattern'] = '~2$1';
}
