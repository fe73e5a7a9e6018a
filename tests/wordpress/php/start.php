<?php
// Loads the WordPress in the folder of the first argument, as a visit to its first page does.
$_SERVER['HTTP_HOST'] = 'press.example.org';
$_SERVER['SERVER_NAME'] = 'press.example.org';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
$site = $argv[1];
