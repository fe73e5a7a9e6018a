<?php
// list_addresses.php SITE: path and query of each address that the WordPress may be asked for.
require __DIR__ . '/start.php';
require $site . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
$asked = [];
$ask = function (string $address) use (&$asked) {
    $parts = parse_url($address);
    $asked[($parts['path'] ?? '/') . (isset($parts['query']) ? '?' . $parts['query'] : '')] = true;
};
$pretty = $argv[2] === 'pretty';
$every = ['post_type' => ['post', 'page', 'attachment'], 'post_status' => ['publish', 'future', 'pending', 'draft', 'private', 'trash', 'inherit'],
    'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC'];
foreach (get_posts($every) as $post) {
    $by_number = ['post' => 'p', 'page' => 'page_id', 'attachment' => 'attachment_id'][$post->post_type];
    $ask("/?$by_number=$post->ID");
    if ($post->post_type !== 'post') {
        $ask("/?p=$post->ID"); // what a short link says
    }
    $link = get_permalink($post);
    $ask($link);
    if ($pretty && str_ends_with($link, '/') && $post->post_status === 'publish') {
        $ask(rtrim($link, '/'));
        $ask(preg_replace_callback('/%[0-9a-f]{2}/', fn ($hex) => strtoupper($hex[0]), $link));
        $ask($link . 'feed/');
        $ask($link . '?utm_source=mail');
    }
    if ($post->post_type === 'attachment') {
        $ask(wp_get_attachment_url($post->ID));
    }
    foreach (get_post_meta($post->ID, '_wp_old_slug') as $slug) {
        $ask($pretty ? get_the_date('/Y/m/', $post) . $slug . '/' : "/?name=$slug");
    }
    foreach (get_post_meta($post->ID, '_wp_old_date') as $day) {
        $ask('/' . str_replace('-', '/', substr($day, 0, 7)) . "/$post->post_name/");
    }
}
foreach (get_terms(['taxonomy' => ['category', 'post_tag', 'post_format'], 'hide_empty' => false]) as $term) {
    $ask(get_term_link($term));
    if ($pretty) {
        $ask(get_term_link($term) . 'feed/');
    }
    $ask($term->taxonomy === 'category' ? "/?cat=$term->term_id" : "/?tag=$term->slug");
}
foreach (['/', '/?paged=2', '/page/2/', '/page/9/', '/feed/', '/feed/atom/', '/feed/rss/', '/rss2/', '/?feed=rss2', '/?feed=atom', '/?feed=rss', '/feed/rdf/', '/comments/feed/',
    '/2014/', '/2014/09/', '/2014/09/09/', '/2014/13/', '/?m=201409', '/?m=20140909', '/?year=2014&monthnum=9', '/author/desk/', '/author/geneva_desk/', '/author/nobody/', '/?author=1',
    '/?s=Amerli', '/?p=9999', '/?p=0', '/?p=3101&page=2', '/?p=3108&page=2', '/?p=3101&preview=true', '/?p=3101&feed=rss2', '/2014/09/no-such-post/', '/2014/04/cholera/', '/world-refugee-day/',
    '/archives/3101', '/releases', '/wp-sitemap.xml', '/robots.txt', '/wp-login.php', '/xmlrpc.php', '/wp-json/', '/wp-content/uploads/2014/09/none.jpg', '/index.php?p=3101', '/index.php/2014/09/'] as $address) {
    $ask($address);
}
$asked = array_keys($asked);
if (!$pretty) { // any path is the first page then
    $asked = array_values(array_filter($asked, fn ($address) => str_contains($address, '?') || str_starts_with($address, '/wp-content')));
}
echo implode("\n", $asked), "\n";
