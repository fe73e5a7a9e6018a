<?php
// export.php SITE all|post: writes what "Tools: Export" of the WordPress would download.
require __DIR__ . '/start.php';
require $site . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
require ABSPATH . 'wp-admin/includes/export.php';
register_post_type('notice', ['public' => true, 'label' => 'Notices']);
ob_start();
export_wp(['content' => $argv[2]]);
echo ob_get_clean();
