<?php
// choose_addresses.php SITE pretty|plain: which form the addresses of posts have.
require __DIR__ . '/start.php';
require $site . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
$wp_rewrite->set_permalink_structure($argv[2] === 'pretty' ? '/%year%/%monthnum%/%postname%/' : '');
flush_rewrite_rules(false);
