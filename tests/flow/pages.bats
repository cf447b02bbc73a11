load ../helper

# The pages as people see them: rendered by build/*/tests/page, shown by
# headless Chromium.  Screenshots stay in build/pages for looking at.

setup_file() {
	export O=${O:-$SRC/build/release} SHOTS=$SRC/build/pages
	mkdir -p "$SHOTS"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	[ -z "${server-}" ] || kill "$server" 2> /dev/null || true
}

page() {
	local name=$1
	shift
	"$O/tests/page" "$SRC/share/htdocs" "$name" "$@"
}

# A bare "! grep" fails no test.
lacks() { if grep "$@"; then return 1; fi; }

# Where they lead: a site at the root of a server that has no name here.
HERE="enroll-url=/enroll ca-url=/CA home-url=/"
welcome() { page welcome organization='ACME Inc.' $HERE "$@"; }
refused() { page refused organization='ACME Inc.' $HERE id=8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A955 "$@"; }

# browse PAGE OPTION... : Chromium, which touches no network.
browse() {
	local page=$1
	shift
	timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
		--user-data-dir="$BATS_TEST_TMPDIR/chromium" --enable-logging=stderr "$@" "file://$page" 2> log
}

# A screenshot, and no word in the console.
shoot() {
	browse "$PWD/$1" --window-size="$2" --screenshot="$SHOTS/$3.png"
	[ -s "$SHOTS/$3.png" ]
	lacks CONSOLE log
}

# What a script in a copy of the page measures: FRAME WIDTH EXPRESSION.  The
# page is framed, for headless windows have a least width of their own.
measure() {
	cat > frame.html <<-END
		<iframe id=f src="$1" style="width: $2px; height: 844px; border: 0"></iframe>
		<pre id=o></pre>
		<script>onload = () => { const d = f.contentDocument, w = f.contentWindow; o.textContent = 'said:' + ($3) }</script>
	END
	browse "$PWD/frame.html" --allow-file-access-from-files --dump-dom | sed -n 's/.*>said:\([^<]*\).*/\1/p'
}

# Every tag is closed, ids are unique, labels lead somewhere.
well_formed() {
	python3 - "$1" <<-'END'
		import html.parser, sys
		void = {'meta', 'br', 'hr', 'img', 'input', 'link'}
		class P(html.parser.HTMLParser):
		    def __init__(s):
		        super().__init__()
		        s.open, s.ids, s.refs, s.heads, s.tags = [], [], [], [], []
		    def handle_starttag(s, tag, attrs):
		        a = dict(attrs)
		        s.tags.append(tag)
		        if 'id' in a: s.ids.append(a['id'])
		        if 'aria-labelledby' in a: s.refs.append(a['aria-labelledby'])
		        if tag in ('h1', 'h2', 'h3'): s.heads.append(int(tag[1]))
		        for name in a: assert not name.startswith('on'), name
		        for name in ('src', 'href'):
		            assert a.get(name, '/').startswith('/'), a
		        if tag not in void: s.open.append(tag)
		    def handle_endtag(s, tag):
		        assert s.open.pop() == tag, (tag, s.getpos())
		p = P()
		p.feed(open(sys.argv[1]).read())
		p.close()
		assert not p.open, p.open
		assert len(p.ids) == len(set(p.ids)), p.ids
		assert set(p.refs) <= set(p.ids), p.refs
		assert p.heads[0] == 1 and p.heads.count(1) == 1, p.heads
		assert all(b - a <= 1 for a, b in zip(p.heads, p.heads[1:])), p.heads
		assert 'main' in p.tags and 'footer' in p.tags and 'title' in p.tags
		assert 'script' not in p.tags and 'img' not in p.tags
	END
}

@test "welcome: /enroll is offered, /CA only where it is needed" {
	welcome private-ca=no > public.html
	welcome private-ca=yes > private.html
	grep -q 'href="/enroll"' public.html
	grep -q 'href="/enroll"' private.html
	lacks '/CA' public.html
	grep -q 'href="/CA"' private.html
}

@test "pages are well-formed, with one h1, landmarks, no script and nothing from elsewhere" {
	welcome private-ca=no > a.html
	welcome private-ca=yes > b.html
	well_formed a.html
	well_formed b.html
	for problem in request login denied missing method size type busy server; do
		refused status=400 problem=$problem > c.html
		well_formed c.html
	done
	lacks -iE 'https?:|url\(|@import' a.html b.html c.html
}

@test "refused: each problem has its own title and heading, and the id" {
	for problem in request login denied missing method size type busy server; do
		refused status=499 problem=$problem > page.html
		[ "$(grep -c '<h1' page.html)" = 1 ]
		grep -q '8F0C2E1A-5B7D-4E31-9C43-0D6E21B7A955' page.html
		grep -q 'Error 499' page.html
		sed -n 's/.*<title>\(.*\)<.title>.*/\1/p' page.html >> titles
		sed -n 's/.*<h1[^>]*>\(.*\)<.h1>.*/\1/p' page.html >> heads
	done
	[ "$(sort -u titles | wc -l)" = 9 ]
	[ "$(sort -u heads | wc -l)" = 9 ]
	lacks '^ - ' titles
}

@test "values cannot become markup" {
	page welcome organization='<script>alert(1)</script>"&' $HERE private-ca=no > page.html
	lacks '<script' page.html
	grep -q '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;' page.html
	well_formed page.html
}

@test "a name that is not there is told with its place" {
	run page welcome $HERE private-ca=no
	[ "$status" = 65 ]
	[[ "$output" = */welcome.html:*:*': ${organization}: no such name' ]]
}

@test "Chromium shows the welcome page on a phone and a desk, light and dark, without a word" {
	type chromium > /dev/null || skip "no chromium"
	welcome private-ca=yes > welcome.html
	shoot welcome.html 390,844 welcome-phone
	shoot welcome.html 1280,800 welcome-desk
	shoot welcome.html 390,2600 welcome-phone-whole
	browse "$PWD/welcome.html" --window-size=1280,800 --screenshot="$SHOTS/welcome-desk-dark.png" --blink-settings=preferredColorScheme=0
	[ "$(md5sum < "$SHOTS/welcome-desk.png")" != "$(md5sum < "$SHOTS/welcome-desk-dark.png")" ]
}

@test "Chromium shows the refusal on a phone and a desk" {
	type chromium > /dev/null || skip "no chromium"
	refused status=403 problem=denied > refused.html
	shoot refused.html 390,844 refused-phone
	shoot refused.html 1280,800 refused-desk
}

@test "nothing is wider than a phone, and the way in is visible and big enough for a thumb" {
	type chromium > /dev/null || skip "no chromium"
	page welcome $HERE private-ca=yes organization='Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft' > long.html
	welcome private-ca=no > welcome.html
	refused status=500 problem=server > refused.html
	for width in 320 390; do
		for file in long welcome refused; do
			run measure $file.html $width 'd.documentElement.scrollWidth'
			echo "$file $width: $output"
			[ "$output" = $width ]
		done
	done
	run measure welcome.html 390 '(r => [d.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2).getAttribute("href"), r.height >= 44, r.bottom <= 844])(d.querySelector("a[href=\"/enroll\"]").getBoundingClientRect())'
	echo "$output"
	[ "$output" = "/enroll,true,true" ]
}

@test "the driver's headers let the page keep its looks, and nothing else" {
	type chromium > /dev/null || skip "no chromium"
	port=$(free_port)
	printf '/ GET anyone text/html;charset=utf-8 page welcome\n' > routes
	cat > site.conf <<-END
		url = https://localhost:$port
		organization = ACME Inc.
		routes = $PWD/routes
		htdocs = $SRC/share/htdocs
		private-ca = yes
	END
	socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" EXEC:"mcprofile-cgi --site $PWD/site.conf" 2> socat.log 3>&- &
	server=$!
	for _ in $(seq 50); do (exec 4<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break; sleep 0.1; done
	curl -sS -D head "http://127.0.0.1:$port/" > driver.html
	curl -sS "http://127.0.0.1:$port/nowhere" > nowhere.html
	# a page of the site leads to the site, by whatever name it was reached
	HERE="enroll-url=https://localhost:$port/enroll ca-url=https://localhost:$port/CA home-url=https://localhost:$port/"
	welcome private-ca=yes > welcome.html
	for page in '' nowhere; do
		timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
			--disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$PWD/chromium" --enable-logging=stderr \
			--window-size=390,844 --screenshot="$SHOTS/driver-${page:-welcome}.png" "http://127.0.0.1:$port/$page" 2> log
		# a page that is missing is told in the console, and no more than that
		lacks CONSOLE <(grep -v 'status of 404' log)
	done
	kill $server
	server=
	cmp driver.html welcome.html
	grep -qi "^content-security-policy: default-src 'none'; style-src 'unsafe-inline'" head
	grep -q "<a class=\"go\" href=\"https://localhost:$port/\">" nowhere.html
	sed -i "s,href=\"https://localhost:$port/,href=\"/," nowhere.html
	well_formed nowhere.html
	grep -q 'There is nothing here' nowhere.html
	# the same page looks the same under the driver's headers
	shoot welcome.html 390,844 welcome-phone
	cmp "$SHOTS/driver-welcome.png" "$SHOTS/welcome-phone.png"
}
