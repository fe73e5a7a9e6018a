<?php
// fill.php SITE: installs the WordPress in SITE, and fills it with a newsroom that has each thing
// that a move must bring along. What each post is there for stands above it.
require __DIR__ . '/start.php';
define('WP_INSTALLING', true);
require $site . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('IOM 한국대표부 보도자료', 'desk', 'desk@example.org', true, '', 'not-used-anywhere', 'ko_KR');
wp_installing(false);

global $wpdb;
update_option('siteurl', 'http://press.example.org');
update_option('home', 'http://press.example.org');
update_option('timezone_string', 'Asia/Seoul');
update_option('posts_per_page', 10);
update_option('WPLANG', 'ko_KR');
switch_to_locale('ko_KR');
$GLOBALS['wp_rewrite']->init();
// The addresses were pretty when these posts were written, so that old slugs are remembered.
$GLOBALS['wp_rewrite']->set_permalink_structure('/%year%/%monthnum%/%postname%/');
register_post_type('notice', ['public' => true, 'label' => 'Notices', 'can_export' => true]);
kses_remove_filters(); // as for an administrator, who may write any HTML
add_filter('upload_mimes', fn ($known) => $known + ['hwp' => 'application/x-hwp']);
add_filter('wp_check_filetype_and_ext', function ($found, $file, $name) {
    return str_ends_with($name, '.hwp') ? ['ext' => 'hwp', 'type' => 'application/x-hwp', 'proper_filename' => false] : $found;
}, 10, 3);
add_filter('big_image_size_threshold', fn () => 900); // pixels: what is larger gets a "-scaled" one
add_filter('wp_editor_set_quality', fn () => 60);
foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $made) {
    wp_delete_post($made->ID, true); // "Hello world" and its like
}

$desk = get_user_by('login', 'desk')->ID;
wp_update_user(['ID' => $desk, 'display_name' => '보도 담당', 'user_email' => 'desk@example.org']);
$geneva = wp_insert_user(['user_login' => 'geneva_desk', 'user_pass' => 'not-used-anywhere',
    'user_email' => 'geneva@example.org', 'display_name' => 'Geneva & Field Desk', 'role' => 'author']);

const SITE = 'http://press.example.org';

// --- terms: missions by either name, by an alias, with a Korean slug, and what is no mission
function category(string $name, int $parent = 0, string $slug = ''): int
{
    $term = wp_insert_term($name, 'category', ['parent' => $parent, 'slug' => $slug]);
    if (is_wp_error($term)) {
        throw new Exception("$name: " . $term->get_error_message());
    }
    return $term['term_id'];
}
$middle_east = category('중동 & 북아프리카');
$iraq = category('이라크', $middle_east);
$libya = category('Libya', $middle_east, 'libya');
$car = category('Central African Republic', 0, 'car');
$mexico = category('México', 0, 'mexico');
$colombia = category('콜롬비아', 0, 'colombia');
$emergencies = category('긴급구호');
category('비어 있는 분류');

/** Saves a post as an editor does; what is not given is as the editor finds it. */
function post(array $values): int
{
    global $desk, $wpdb;
    $values += ['post_type' => 'post', 'post_status' => 'publish', 'post_author' => $desk,
        'comment_status' => 'closed', 'ping_status' => 'closed'];
    $views = $values['views'] ?? null;
    $tags = $values['tags'] ?? [];
    unset($values['views'], $values['tags']);
    if (isset($values['post_date'])) {
        $values['post_date_gmt'] ??= get_gmt_from_date($values['post_date']);
    }
    $number = wp_insert_post(wp_slash($values), true);
    if (is_wp_error($number)) {
        throw new Exception(($values['post_title'] ?? '') . ': ' . $number->get_error_message());
    }
    if ($number !== ($values['import_id'] ?? $number)) {
        throw new Exception("$values[import_id] is taken, by a revision perhaps");
    }
    if ($tags) {
        wp_set_post_terms($number, $tags, 'post_tag');
    }
    if ($views !== null) {
        update_post_meta($number, 'views', $views);
    }
    return $number;
}

/** Draws a picture of plain colours and uploads it, as a person does, on the day `$day`. */
function picture(string $name, int $width, int $height, string $day, array $said = [], int $parent = 0): int
{
    $path = sys_get_temp_dir() . "/$name";
    $drawn = imagecreatetruecolor($width, $height);
    $shade = crc32($name);
    imagefilledrectangle($drawn, 0, 0, $width, $height, imagecolorallocate($drawn, 120 + $shade % 100, 150, 190));
    imagefilledrectangle($drawn, 0, (int) ($height * 0.6), $width, $height, imagecolorallocate($drawn, 196, 160, 90 + $shade % 90));
    imagefilledellipse($drawn, (int) ($width / 3), (int) ($height / 3), (int) ($height / 4), (int) ($height / 4), imagecolorallocate($drawn, 250, 220, 120));
    str_ends_with($name, '.png') ? imagepng($drawn, $path, 9) : imagejpeg($drawn, $path, 60);
    return upload($path, $name, $day, $said, $parent);
}

function upload(string $path, string $name, string $day, array $said = [], int $parent = 0): int
{
    $number = media_handle_sideload(
        ['name' => $name, 'tmp_name' => $path],
        $parent,
        null,
        wp_slash(['post_date' => "$day 10:00:00", 'post_date_gmt' => get_gmt_from_date("$day 10:00:00")] + $said)
    );
    if (is_wp_error($number)) {
        throw new Exception("$name: " . $number->get_error_message());
    }
    if (isset($said['alt'])) {
        update_post_meta($number, '_wp_attachment_image_alt', $said['alt']);
    }
    return $number;
}

/** Address of the size `$size` of the picture `$number`. */
function src(int $number, string $size = 'medium'): string
{
    return wp_get_attachment_image_src($number, $size)[0];
}

$frame = fn (string $posted, ?int $views) => ($posted ? "\n\nPosted on $posted" : '')
    . "\n\n<a href=\"" . SITE . '/?page_id=2750">최신보도자료 모음 돌아가기</a>'
    . ($views === null ? '' : "\n\nViews – $views");

// --- the page that the back-links lead to, at the number that it had; pages with children
post(['post_type' => 'page', 'import_id' => 2750, 'post_date' => '2013-01-02 09:00:00', 'post_name' => 'releases',
    'post_title' => '최신보도자료 모음', 'post_content' => '<!-- wp:latest-posts {"postsToShow":10} /-->']);
$about = post(['post_type' => 'page', 'import_id' => 2760, 'post_date' => '2013-01-02 09:10:00',
    'post_title' => '기구 소개', 'post_content' => "이주민과 그들을 맞는 사회 모두에 도움이 되는 일을 한다.\n\n<a href=\"" . SITE . '/?page_id=2750">보도자료</a>']);
$office = post(['post_type' => 'page', 'import_id' => 2761, 'post_date' => '2013-01-02 09:20:00', 'post_parent' => $about,
    'post_name' => 'office', 'post_title' => 'The office in Seoul', 'post_content' => 'The office answers the press on weekdays.']);
post(['post_type' => 'page', 'import_id' => 2762, 'post_date' => '2013-01-02 09:30:00', 'post_parent' => $office,
    'post_title' => '찾아오시는 길', 'post_content' => '시청역 3번 출구에서 걸어서 5분 거리에 있다.']);
post(['post_type' => 'page', 'import_id' => 2763, 'post_date' => '2013-01-02 09:40:00', 'post_status' => 'draft',
    'post_title' => '다음 해의 소개', 'post_content' => '아직 쓰는 중이다.']);

// --- pictures and files
$convoy = picture('convoy.jpg', 480, 320, '2014-09-09', ['post_title' => '구호 차량 행렬', 'post_excerpt' => 'Nine lorries on the road to Amerli',
    'post_content' => 'Photo: IOM Iraq', 'alt' => 'Lorries on a dusty road']);
$tanks = picture('water tanks (1).png', 400, 300, '2014-09-09', ['post_title' => 'water tanks']);
$wide = picture('시장-청소.jpg', 1200, 800, '2014-09-08', ['post_title' => '시장 청소', 'alt' => '시장 골목을 쓰는 사람들']);
$course = picture('course.jpg', 360, 240, '2014-09-05', ['post_title' => 'course', 'alt' => 'A class room']);
$lost = picture('lost-on-the-way.jpg', 360, 240, '2014-07-01', ['post_title' => 'lost']);
$loose = picture('never-used.png', 200, 200, '2014-07-01', ['post_title' => 'Never used']);
$sheet_path = sys_get_temp_dir() . '/sheet.pdf';
file_put_contents($sheet_path, "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    . "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
$sheet = upload($sheet_path, '보도자료 2014.pdf', '2014-09-09', ['post_title' => '보도자료 원문', 'post_excerpt' => 'PDF, one page']);
$hwp_path = sys_get_temp_dir() . '/statement.hwp';
// A compound file with the one stream that HWP 5 is known by, packed.
file_put_contents($hwp_path, gzuncompress(base64_decode('eNq7cF7wwcKNUg8Z0IAdAzPDv/+cDGxIYkxQDAYCDEAVDAyMQPzv////MGEQ//8oGDLgLxT/Q8KjYBSMgpEBghjygbCEQYHBlSEPSBcxVDKQAsQYWBlhZjESqYcFVlEAgRtDJkMOQyqDBxAnMqQAySIS7WdiRPYP0RoZGUYBNBhAdToztB4fBSMLeIQHKLjkJ5fmpuaVKLhl5qSOZokRBQADI8W7')));
$hwp = upload($hwp_path, 'statement.hwp', '2014-09-10', ['post_title' => '성명 전문']);

// --- the classic editor: featured and captioned picture, contact block, posted line, back-link, views
$amerli = post([
    'import_id' => 3101, 'post_date' => '2014-09-09 08:30:00', // still the day before in GMT
    'post_title' => '(2014/9/9) IOM, 포위에서 풀려난 아멜리에 구호물자 전달',
    'post_excerpt' => '이라크 아멜리에 생필품 1,000세트가 도착했다.',
    'post_content' => "Iraq - A convoy with household goods reached Amerli on Sunday, after the road from Erbil had opened.\n\n"
        . '[caption id="attachment_' . $convoy . '" align="aligncenter" width="300"]<a href="' . wp_get_attachment_url($convoy) . '"><img class="size-medium wp-image-' . $convoy . '" src="' . src($convoy) . '" alt="Lorries on a dusty road" width="300" height="200" /></a> Nine lorries on the road to <em>Amerli</em>[/caption]' . "\n\n"
        . "It carried <strong>1,000 kits</strong> and 2,000 folding water tanks.\nTwo filters for the clinic came along.\n\n"
        . '<img class="alignright wp-image-' . $tanks . ' size-full" src="' . src($tanks, 'full') . '" alt="" width="400" height="300" />' . "\n\n"
        . "<!--more-->\n\n“The tanks are a small part of what stands ready,” the desk in Erbil said.\n\n"
        . "For more information please contact\n\nIOM Erbil\n\nPress desk\nTel. +964 750 000 0001\nEmail: <a href=\"mailto:erbil@example.org\">erbil@example.org</a>\n\n\nNight desk\nTel. +964 750 000 0001\nEmail: night@example.org"
        . $frame('Tue, Sep-09-2014', 234),
    'post_category' => [$iraq, $emergencies], 'tags' => ['IDPs', '구호물자'], 'views' => '251',
]);
set_post_thumbnail($amerli, $convoy);
wp_update_post(['ID' => $convoy, 'post_parent' => $amerli]);
wp_update_post(['ID' => $tanks, 'post_parent' => $amerli]);

// --- the same, with e-mail before telephone, no posted line; a picture larger than is shown; the mission as a tag, in Korean
$cash = post([
    'import_id' => 3102, 'post_date' => '2014-09-09 11:00:00', 'post_author' => $geneva,
    'post_title' => '(2014/9/9) IOM, 중앙아프리카공화국에서 Cash-for-Work 실시',
    'post_content' => "Central African Republic - Seven hundred and fifty neighbours in Bangui sweep markets and mend bridges, ten days each, for USD 50.\n\n"
        . '<a href="' . wp_get_attachment_url($wide) . '"><img src="' . src($wide, 'large') . '" alt="시장 골목을 쓰는 사람들" class="alignnone wp-image-' . $wide . '" /></a>' . "\n\n"
        . "Since March 5,050 people have taken part.\n<ul>\n\t<li>gutters</li>\n\t<li>markets</li>\n\t<li>bridges</li>\n</ul>\nHalf of them are women.\n\n"
        . "For more information please contact\n\nPress desk\nEmail: bangui@example.org\nTel. +236 7000 0003"
        . $frame('', 234),
    'post_category' => [$emergencies], 'tags' => ['중앙아프리카공화국'], 'views' => '1,234',
]);

// --- the block editor: headings, list, quote, table, columns, buttons, picture, file and video; mission by its alias
$training = post([
    'import_id' => 3103, 'post_date' => '2014-09-05 15:00:00',
    'post_title' => '(2014/9/5) IOM, 멕시코 이주자 수용센터 실무자 교육',
    'post_content' => "<!-- wp:paragraph -->\n<p>Mexico - Thirty-six officials began a course of two weeks, the second of its kind.</p>\n<!-- /wp:paragraph -->\n\n"
        . "<!-- wp:image {\"id\":$course,\"sizeSlug\":\"medium\",\"linkDestination\":\"none\"} -->\n<figure class=\"wp-block-image size-medium\"><img src=\"" . src($course) . "\" alt=\"A class room\" class=\"wp-image-$course\"/><figcaption class=\"wp-element-caption\">The first day</figcaption></figure>\n<!-- /wp:image -->\n\n"
        . "<!-- wp:heading -->\n<h2 class=\"wp-block-heading\">A hundred hours</h2>\n<!-- /wp:heading -->\n\n"
        . "<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>the law of migration</li>\n<!-- /wp:list-item -->\n\n<!-- wp:list-item -->\n<li>help for those at risk</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->\n\n"
        . "<!-- wp:quote -->\n<blockquote class=\"wp-block-quote\"><!-- wp:paragraph -->\n<p>They go home with better tools.</p>\n<!-- /wp:paragraph --><cite>Training desk</cite></blockquote>\n<!-- /wp:quote -->\n\n"
        . "<!-- wp:table -->\n<figure class=\"wp-block-table\"><table><thead><tr><th>State</th><th>Officials</th></tr></thead><tbody><tr><td>Jalisco</td><td>20</td></tr><tr><td>Michoacán</td><td>16</td></tr></tbody></table><figcaption class=\"wp-element-caption\">Where they work</figcaption></figure>\n<!-- /wp:table -->\n\n"
        . "<!-- wp:columns -->\n<div class=\"wp-block-columns\"><!-- wp:column -->\n<div class=\"wp-block-column\"><!-- wp:paragraph {\"align\":\"center\"} -->\n<p class=\"has-text-align-center\">43,863 people were in the centres from January to May.</p>\n<!-- /wp:paragraph --></div>\n<!-- /wp:column -->\n\n<!-- wp:column -->\n<div class=\"wp-block-column\"><!-- wp:buttons -->\n<div class=\"wp-block-buttons\"><!-- wp:button -->\n<div class=\"wp-block-button\"><a class=\"wp-block-button__link wp-element-button\" href=\"https://www.example.org/course\">The programme</a></div>\n<!-- /wp:button --></div>\n<!-- /wp:buttons --></div>\n<!-- /wp:column --></div>\n<!-- /wp:columns -->\n\n"
        . "<!-- wp:file {\"id\":$sheet,\"href\":\"" . wp_get_attachment_url($sheet) . "\"} -->\n<div class=\"wp-block-file\"><a id=\"wp-block-file--media-1\" href=\"" . wp_get_attachment_url($sheet) . "\">보도자료 원문</a><a href=\"" . wp_get_attachment_url($sheet) . "\" class=\"wp-block-file__button wp-element-button\" download aria-describedby=\"wp-block-file--media-1\">다운로드</a></div>\n<!-- /wp:file -->\n\n"
        . "<!-- wp:embed {\"url\":\"https://www.youtube.com/watch?v=CCCCCCCCCCC\",\"type\":\"video\",\"providerNameSlug\":\"youtube\"} -->\n<figure class=\"wp-block-embed is-type-video is-provider-youtube wp-block-embed-youtube\"><div class=\"wp-block-embed__wrapper\">\nhttps://www.youtube.com/watch?v=CCCCCCCCCCC\n</div><figcaption class=\"wp-element-caption\">Behind the scenes</figcaption></figure>\n<!-- /wp:embed -->\n\n"
        . "<!-- wp:separator -->\n<hr class=\"wp-block-separator has-alpha-channel-opacity\"/>\n<!-- /wp:separator -->\n\n"
        . "<!-- wp:paragraph -->\n<p>For more information, please contact</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>Press desk<br>IOM México<br>Email: mexico@example.org<br>Tel: +52 55 0000 0005</p>\n<!-- /wp:paragraph -->\n\n"
        . "<!-- wp:paragraph -->\n<p>Posted on Fri, Sep-05-2014</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p><a href=\"" . SITE . "/?page_id=2750\">최신보도자료 모음 돌아가기</a></p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>Views – 199</p>\n<!-- /wp:paragraph -->",
    'post_category' => [$mexico], 'views' => '199',
]);
set_post_thumbnail($training, $course);

// --- links to other posts: by number, by pretty address, to a place in it, without www, by https, to a file and a page
$tripoli = post([
    'import_id' => 3104, 'post_date' => '2014-09-05 16:00:00',
    'post_title' => '(2014/9/5) IOM, 리비아 무력사태로 이재민 치안 우려',
    'post_content' => "Libya - Some 200,000 migrants in Tripoli, Misrata and Benghazi are less and less safe.\n\n"
        . 'As <a href="' . SITE . '/?p=3101">the convoy to Amerli</a> showed, roads can open; so did <a href="' . get_permalink($training) . '">a course</a> and <a href="' . get_permalink($cash) . '#comments">a programme</a>.' . "\n\n"
        . '<a href="https://press.example.org/?p=3102">Bangui</a>, <a href="//press.example.org/?p=3103">Mexico</a>, <a href="/?p=3101">Amerli</a>, <a href="' . SITE . '/?page_id=2761">the office</a>, <a href="' . wp_get_attachment_url($sheet) . '">the sheet</a>, <a href="' . SITE . '/?p=9999">a post that is gone</a>, <a href="' . SITE . '/category/libya/">more from Libya</a>, <a href="' . get_attachment_link($convoy) . '">the picture’s page</a>.' . "\n\n"
        . "For more information, please contact\n\nPress desk\nIOM Libya\nEmail: libya@example.org"
        . "\n\nPosted on Fri, Sep-05-2014\n\nViews – 71",
    'post_category' => [$libya],
]);
update_post_meta($tripoli, 'post_views_count', '71');

// --- embeds: bare address on a line, shortcode, iframe (a block stands above); no date in brackets' usual form
$chain = post([
    'import_id' => 3105, 'post_date' => '2014-09-05 17:00:00',
    'post_title' => '（２０１４．９．５） 콜롬비아 ‘사슬에 묶인 사람’ 영상, 널리 퍼져',
    'post_content' => "Colombia — Three cities and nine cameras showed what passers-by do for someone in chains.\n\n"
        . "https://www.youtube.com/watch?v=AAAAAAAAAAA\n\n[embed width=\"480\"]https://vimeo.com/000000001[/embed]\n\n"
        . '<iframe width="480" height="270" src="https://www.youtube.com/embed/BBBBBBBBBBB?rel=0" title="무대 뒤의 이야기" allowfullscreen></iframe>' . "\n\n"
        . "It was seen 13,000 times in two days.\n\nFor more information, please contact\n\nPress desk\nIOM Colombia\nEmail: colombia@example.org"
        . $frame('', 239),
    'post_category' => [$colombia], 'tags' => ['Colombia', 'video'], 'views' => '239',
]);

// --- galleries of both editors, and one that names none; a picture that the copy of the folder lacks
$gallery = post([
    'import_id' => 3106, 'post_date' => '2014-08-20 09:00:00',
    'post_title' => '(2014/8/20) 사진으로 보는 세계 인도주의의 날',
    'post_content' => "Iraq - The day in pictures.\n\n[gallery ids=\"$convoy,$wide,$lost\" columns=\"2\" link=\"file\"]\n\n"
        . "<!-- wp:gallery {\"linkTo\":\"none\"} -->\n<figure class=\"wp-block-gallery has-nested-images columns-default is-cropped\"><!-- wp:image {\"id\":$course} -->\n<figure class=\"wp-block-image size-large\"><img src=\"" . src($course, 'full') . "\" alt=\"A class room\" class=\"wp-image-$course\"/><figcaption class=\"wp-element-caption\">교육 첫날</figcaption></figure>\n<!-- /wp:image -->\n\n<!-- wp:image {\"id\":$tanks} -->\n<figure class=\"wp-block-image size-large\"><img src=\"" . src($tanks, 'full') . "\" alt=\"\" class=\"wp-image-$tanks\"/></figure>\n<!-- /wp:image --></figure>\n<!-- /wp:gallery -->\n\n"
        . '<img src="http://elsewhere.example.com/hill.jpg" alt="A hill" /> A picture of somebody else’s site.' . "\n\n[gallery]\n\nThat is all.",
    'post_category' => [$iraq], 'views' => 88,
]);
wp_update_post(['ID' => $course, 'post_parent' => $gallery]);

// --- shortcodes: known ones, unknown ones with and without an end, one that is text, one that is escaped
post([
    'import_id' => 3107, 'post_date' => '2014-08-12 09:00:00',
    'post_title' => '(2014/8/12) 단축코드가 있는 보도자료',
    'post_content' => "South Korea - The boxes below came from plugins.\n\n[su_box title=\"알림 상자\" style=\"soft\"]Tents for <strong>300</strong> families are on their way.[/su_box]\n\n[contact-form-7 id=\"12\" title=\"문의 양식\"]\n\n"
        . "[audio mp3=\"" . SITE . "/wp-content/uploads/2014/08/statement.mp3\"][/audio]\n\n[video width=\"640\" height=\"360\" mp4=\"" . SITE . "/wp-content/uploads/2014/08/tents.mp4\"][/video]\n\n[playlist ids=\"1,2\"]\n\n"
        . "The minister said that [the tents] would arrive; [[gallery]] is how a gallery is written.\n\n[one_half]Left[/one_half][one_half_last]Right[/one_half_last]\n\n[spacer height=\"20px\"]",
    'tags' => ['한국'], 'views' => '12',
]);

// --- files: by a link in the text, by shortcode-less attachment; HWP; a smiley and entities
$statement = post([
    'import_id' => 3108, 'post_date' => '2014-09-10 09:00:00',
    'post_title' => 'Statement &amp; “sheet”: <em>what</em> the mission says 🙂',
    'post_content' => "Global - The <a href=\"" . wp_get_attachment_url($hwp) . "\">full statement (HWP)</a> and <a title=\"원문\" href=\"" . wp_get_attachment_url($sheet) . "\">its sheet</a> are here &mdash; AT&amp;T &lt;quoted&gt; &nbsp; 3 &lt; 5 🙂.\n\n"
        . "<h3>Numbers</h3>\n<table>\n<tbody>\n<tr>\n<td>2013</td>\n<td>1,400</td>\n</tr>\n</tbody>\n</table>\n<blockquote>As one of them said.</blockquote>\n<pre>two  spaces</pre>\nA line\nand another.<br />And one more.\n\n<!--nextpage-->\n\nThe second page of the same statement.",
    'views' => '5',
]);
wp_update_post(['ID' => $hwp, 'post_parent' => $statement]);

// --- Korean text and contact block; posted line in Korean; a Korean slug that WordPress made
post([
    'import_id' => 3109, 'post_date' => '2014-09-11 09:00:00',
    'post_title' => '(2014/9/11) 서울에서 이주 정책 토론회 열려',
    'post_content' => "한국 - 국제기구와 정부가 함께 여는 토론회가 서울에서 열렸다. 120명이 참석했다.\n\n참석자들은 이주 노동자의 건강을 주로 이야기했다.\n\n문의: 보도 담당\n전화: 02-000-0000\n이메일: seoul@example.org\n\n조회수 45",
    'tags' => ['대한민국'], 'views' => '45',
]);

// --- no date in the headline; an English headline; a sticky post; a password; views of two counters
$sticky = post([
    'import_id' => 3110, 'post_date' => '2014-06-20 00:05:00', // the day before in GMT
    'post_title' => 'World Refugee Day: what newsrooms ask us', 'post_name' => 'world-refugee-day',
    'post_content' => "Questions of the past year, with answers.\n\nQ. How many people?\nA. More than fifty million.",
    'views' => '300',
]);
stick_post($sticky);
update_post_meta($sticky, 'post_views_count', '120');

// --- two posts of the same headline on the same day; two on different days
post(['import_id' => 3111, 'post_date' => '2014-05-02 09:00:00', 'post_title' => '(2014/5/2) 정정 보도', 'post_content' => 'Philippines - The first of two texts with one headline.', 'views' => '3']);
post(['import_id' => 3112, 'post_date' => '2014-05-02 18:00:00', 'post_title' => '(2014/5/2) 정정 보도', 'post_content' => 'Philippines - The second of two texts with one headline.', 'views' => '4']);
post(['import_id' => 3113, 'post_date' => '2014-05-03 18:00:00', 'post_title' => '정정 보도', 'post_content' => 'Philippines - A third text.']);

// --- renamed twice: old slugs and an old day are remembered
$renamed = post(['import_id' => 3114, 'post_date' => '2014-04-01 09:00:00', 'post_name' => 'cholera-update',
    'post_title' => '(2014/4/1) 남수단 콜레라 예방접종', 'post_content' => 'South Sudan - Two rounds of vaccine reached 60,000 people.', 'views' => '60']);
wp_update_post(['ID' => $renamed, 'post_name' => '콜레라-예방접종']);
wp_update_post(['ID' => $renamed, 'post_name' => 'cholera-vaccine']);
wp_update_post(['ID' => $renamed, 'post_date' => '2014-04-02 09:00:00', 'post_date_gmt' => '2014-04-02 00:00:00', 'edit_date' => true]);

// --- what is not public, and may not become so
post(['import_id' => 3120, 'post_status' => 'future', 'post_date' => '2037-05-04 09:00:00', 'post_title' => '(2037/5/4) 예약된 보도자료', 'post_content' => 'Kenya - Not before its day.']);
post(['import_id' => 3121, 'post_status' => 'pending', 'post_title' => '(2014/9/12) 검토를 기다리는 보도자료', 'post_content' => 'Nepal - Somebody must read this first.', 'post_date' => '2014-09-12 09:00:00']);
post(['import_id' => 3122, 'post_status' => 'draft', 'post_title' => '날짜 없는 초안', 'post_content' => 'Nepal - A draft that has no day yet.']);
post(['import_id' => 3123, 'post_status' => 'private', 'post_date' => '2014-09-01 09:00:00', 'post_title' => '내부용 메모', 'post_content' => 'For colleagues alone.', 'views' => '2']);
$locked = post(['import_id' => 3124, 'post_password' => 'open-sesame', 'post_date' => '2014-09-02 09:00:00', 'post_title' => '암호로 잠근 보도자료', 'post_content' => 'For whoever has the password.']);
$once = post(['import_id' => 3125, 'post_date' => '2014-03-03 09:00:00', 'post_name' => 'taken-back', 'post_title' => '(2014/3/3) 거두어들인 보도자료', 'post_content' => 'Haiti - It was public for a day.', 'views' => '77']);
wp_trash_post($once);
$never = post(['import_id' => 3230, 'post_status' => 'draft', 'post_date' => '2014-03-04 09:00:00', 'post_title' => '버린 초안', 'post_content' => 'It was never public.']);
wp_trash_post($never);
post(['import_id' => 3232, 'post_status' => 'draft', 'post_title' => '', 'post_content' => 'A draft without a headline.']);
post(['import_id' => 3233, 'post_status' => 'draft', 'post_title' => '제목만 있는 초안', 'post_content' => '']);

// --- public, with no headline; with no text; with nothing but a picture
post(['import_id' => 3240, 'post_date' => '2014-02-01 09:00:00', 'post_title' => '', 'post_content' => 'Yemen - A public text without a headline.']);
post(['import_id' => 3241, 'post_date' => '2014-02-02 09:00:00', 'post_title' => '(2014/2/2) 본문 없는 보도자료', 'post_content' => '']);
$only = post(['import_id' => 3242, 'post_date' => '2014-02-03 09:00:00', 'post_title' => '(2014/2/3) 사진 한 장', 'post_content' => '<img src="' . src($wide, 'full') . '" alt="시장 골목을 쓰는 사람들" />']);

// --- revisions, comments, serialized meta, a format, a long headline, CDATA's end, what a word processor left
$edited = post(['import_id' => 3250, 'post_date' => '2014-01-15 09:00:00', 'post_title' => '(2014/1/15) 고친 보도자료', 'comment_status' => 'open',
    'post_content' => 'Syria - First words.', 'views' => '9']);
wp_update_post(['ID' => $edited, 'post_content' => 'Syria - Better words.']);
wp_update_post(['ID' => $edited, 'post_content' => 'Syria - The last words, with the end of a section: ]]> and an ampersand & a <b>tag</b>.']);
foreach ([['Reader', '잘 읽었습니다.', 1, ''], ['Another reader', 'Where can I help?', 0, ''], ['elsewhere.example.com', '[…] they wrote […]', 1, 'pingback']] as $i => $said) {
    wp_insert_comment(['comment_post_ID' => $edited, 'comment_author' => $said[0], 'comment_content' => $said[1], 'comment_approved' => $said[2],
        'comment_type' => $said[3], 'comment_author_email' => 'reader@example.org', 'comment_date' => "2014-01-16 0$i:00:00", 'comment_date_gmt' => "2014-01-15 15:0$i:00"]);
}
update_post_meta($edited, '_yoast_wpseo_metadesc', 'A description for search engines');
update_post_meta($edited, 'layout', ['wide' => true, 'parts' => ['하나', 'two']]);
set_post_format($edited, 'quote');
post(['import_id' => 3260, 'post_date' => '2014-01-16 09:00:00', 'post_title' => '(2014/1/16) ' . str_repeat('아주 긴 제목이 이어진다 ', 20) . '끝', 'post_content' => 'Ukraine - A text below a very long headline.']);
post(['import_id' => 3261, 'post_date' => '2014-01-17 09:00:00', 'post_title' => '(2014/1/17) 워드에서 붙인 글',
    'post_content' => '<p class="MsoNormal" style="margin:0cm"><span lang="EN-US" style="font-family:\'Malgun Gothic\'">Jordan - <b style="mso-bidi-font-weight:normal">Winter</b> clothes for 4,000 children.<o:p></o:p></span></p><div><div>In a box</div><div>and another</div></div><script>document.write("counter")</script><style>.x{color:red}</style><font color="blue">Blue words.</font><!-- a note of the editor -->', 'views' => 'many']);
// The zone of a headline's day against the posting: a week apart.
post(['import_id' => 3262, 'post_date' => '2014-01-24 23:59:59', 'post_title' => '(2014/1/17) 늦게 올린 보도자료', 'post_content' => 'Egypt - Written a week before it was posted.', 'post_category' => [$emergencies], 'views' => '0']);
for ($i = 1; $i <= 4; $i++) { // enough for a second page of the listing
    post(['import_id' => 3270 + $i, 'post_date' => "2013-12-0$i 09:00:00", 'post_title' => "(2013/12/$i) 지난해의 소식 $i", 'post_content' => "Yemen - News of last year, number $i.\n\nPosted on " . gmdate('D, M-d-Y', strtotime("2013-12-0$i")) . "\n\nViews – $i", 'views' => (string) $i]);
}

// --- what is no release: a menu, a reusable block in use, a type of a plugin
$menu = wp_create_nav_menu('주 메뉴');
wp_update_nav_menu_item($menu, 0, ['menu-item-title' => '보도자료', 'menu-item-url' => SITE . '/?page_id=2750', 'menu-item-status' => 'publish']);
wp_update_nav_menu_item($menu, 0, ['menu-item-object' => 'category', 'menu-item-object-id' => $iraq, 'menu-item-type' => 'taxonomy', 'menu-item-status' => 'publish']);
$block = post(['post_type' => 'wp_block', 'post_date' => '2014-01-01 09:00:00', 'post_title' => '맺음말', 'post_content' => "<!-- wp:paragraph -->\n<p>The same words close each of these.</p>\n<!-- /wp:paragraph -->"]);
post(['import_id' => 3280, 'post_date' => '2014-01-18 09:00:00', 'post_title' => '(2014/1/18) 다시 쓰는 블록', 'post_content' => "<!-- wp:paragraph -->\n<p>Lebanon - It ends as others do.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:block {\"ref\":$block} /-->"]);
post(['post_type' => 'notice', 'post_date' => '2014-01-01 09:00:00', 'post_title' => '휴무 안내', 'post_content' => '설 연휴에 쉰다.']);

// The hour of an edit is that of this run; make it the hour of posting, and a later one for two.
$wpdb->query("UPDATE $wpdb->posts SET post_modified = post_date, post_modified_gmt = post_date_gmt");
$wpdb->query("UPDATE $wpdb->posts SET post_date = '2026-05-01 09:00:00', post_modified = '2026-05-01 09:00:00' WHERE post_date > '2026-01-01' AND post_date < '2037-01-01'");
$wpdb->query("UPDATE $wpdb->posts SET post_modified = '2026-05-01 09:00:00', post_modified_gmt = '2026-05-01 00:00:00' WHERE post_date_gmt = 0");
$wpdb->query("UPDATE $wpdb->posts SET post_date_gmt = '2026-05-01 00:00:00', post_modified_gmt = '2026-05-01 00:00:00' WHERE post_date = '2026-05-01 09:00:00' AND post_date_gmt != 0");
$wpdb->query("UPDATE $wpdb->posts SET post_modified = '2014-09-10 12:00:00', post_modified_gmt = '2014-09-10 03:00:00' WHERE ID IN ($amerli, $edited)");
$wpdb->query("UPDATE $wpdb->postmeta SET meta_value = '1777593600' WHERE meta_key = '_wp_trash_meta_time'");
wp_cache_flush();
