<?php
/**
 * Does, inside the test wiki, what its API cannot. One JSON object a line on stdin; one JSON object a line on stdout.
 *   {"op":"rename","clock":"2025-01-05T00:00:00Z","actor":..,"from":..,"to":..}
 *   {"op":"temporary","clock":..,"name":"~2025-10001-1"}: the account that a visitor gets who edits without one
 *   {"op":"log","clock":..,"actor":..,"type":..,"action":..,"target":..,"params":{..}}: a row of a log, for logs and
 *       parameters that this version or installation of MediaWiki does not write itself
 *   {"op":"many","clock":..,"actor":..,"count":10000}: blocks of as many addresses in the log, one every 97 seconds
 * Run with MW_CONFIG_FILE naming the wiki's LocalSettings.php and MW_INSTALL_PATH its code.
 */
require_once ( getenv( 'MW_INSTALL_PATH' ) ?: '/usr/share/mediawiki' ) . '/maintenance/Maintenance.php';

use MediaWiki\Auth\AuthManager;
use MediaWiki\MediaWikiServices;
use Wikimedia\Timestamp\ConvertibleTimestamp;

class UpstanderInside extends Maintenance {
	public function execute() {
		while ( ( $line = fgets( STDIN ) ) !== false ) {
			$in = json_decode( $line, true );
			if ( !$in ) {
				continue;
			}
			ConvertibleTimestamp::setFakeTime( $in['clock'] );
			$done = $this->{ 'do' . ucfirst( $in['op'] ) }( $in );
			echo json_encode( [ 'op' => $in['op'], 'done' => $done ], JSON_UNESCAPED_UNICODE ), "\n";
		}
	}

	private function doLog( $in ) {
		$time = ConvertibleTimestamp::convert( TS_MW, $in['clock'] );
		return $this->entry( $in, $time )->insert();
	}

	private function doMany( $in ) {
		$base = $this->getDB( defined( 'DB_PRIMARY' ) ? DB_PRIMARY : DB_MASTER );
		$base->begin( __METHOD__ );
		$second = (int)ConvertibleTimestamp::convert( TS_UNIX, $in['clock'] );
		for ( $number = 0; $number < $in['count']; $number++ ) {
			$address = '198.51.' . intdiv( $number, 256 ) . '.' . $number % 256;
			$params = [ '5::duration' => '1 week', '6::flags' => 'anononly,nocreate', 'sitewide' => true ];
			$this->entry( [ 'type' => 'block', 'action' => 'block', 'target' => $address, 'params' => $params ] + $in,
				ConvertibleTimestamp::convert( TS_MW, $second + 97 * $number ) )->insert( $base );
		}
		$base->commit( __METHOD__ );
		return $number;
	}

	private function entry( $in, $time ) {
		$entry = new ManualLogEntry( $in['type'], $in['action'] );
		$entry->setPerformer( $this->user( $in['actor'] ) );
		$entry->setTarget( Title::makeTitle( NS_USER, $in['target'] ) );
		$entry->setTimestamp( $time );
		$entry->setComment( $in['comment'] ?? 'Vandalism' );
		$entry->setParameters( $in['params'] ?? [] );
		return $entry;
	}

	private function doTemporary( $in ) {
		$user = $this->user( $in['name'] );
		$made = MediaWikiServices::getInstance()->getAuthManager()->autoCreateUser(
			$user, AuthManager::AUTOCREATE_SOURCE_TEMP, false, true, $user );
		return $made->isGood() ? $user->getId() : $made->__toString();
	}

	private function doRename( $in ) {
		$class = class_exists( 'MediaWiki\\RenameUser\\RenameuserSQL' )
			? 'MediaWiki\\RenameUser\\RenameuserSQL' : 'MediaWiki\\Extension\\Renameuser\\RenameuserSQL';
		$job = new $class( $in['from'], $in['to'], $this->user( $in['from'] )->getId(), $this->user( $in['actor'] ),
			[ 'reason' => 'asked for by the user' ] );
		return $job->rename();
	}

	private function user( $name ) {
		return MediaWikiServices::getInstance()->getUserFactory()->newFromName( $name );
	}
}

$maintClass = UpstanderInside::class;
require_once RUN_MAINTENANCE_IF_MAIN;
