using System.Text.Json.Nodes;

namespace MiniPlane.Cel.Tests;

public sealed class ExpressionTests
{
    private static readonly CelEnvironment Environment = new(new Dictionary<string, CelType>(StringComparer.Ordinal)
    {
        ["x"] = CelType.Dyn,
        ["object"] = CelType.Dyn,
    });

    public static TheoryData<string> True =>
    [
        // Operators and literals.
        "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "-7 / 2 == -3", "-7 % 2 == -1", "1u + 2u == 3u", "1.5 + 1.5 == 3.0", "7 - 2 - 1 == 4",
        "0x1F == 31", "1e3 == 1000.0", ".5 == 0.5", "'a' + \"b\" == 'ab'", "b'abc' == bytes('abc')", "r'\\d' == '\\\\d'", "'''a'b''' == \"a'b\"",
        "'\\u00e9' == 'é'", "'\\x41\\101' == 'AA'", "true && !false", "false || true", "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "'a' < 'b'", "null == null",
        "dyn(1) == dyn(1.0)", "dyn(1u) == dyn(1)", "dyn(1) < dyn(1.5)", "dyn('a') != dyn(1)", "[1, 2] == [1, 2]", "{'a': 1} == {'a': 1}", "[1] + [2] == [1, 2]",
        "true ? 1 == 1 : false", "false ? 1 / 0 == 1 : true", "true || 1 / 0 == 1", "1 / 0 == 1 || true", "!(false && 1 / 0 == 1)",
        "1 in [1, 2]", "'a' in {'a': 1}", "!('b' in {'a': 1})", "[1, 2, 3][1] == 2", "{'a': {'b': 2}}.a.b == 2", "{'a': 1}['a'] == 1",
        "-9223372036854775808 < 0",

        // Macros.
        "[1, 2, 3].all(i, i > 0)", "[1, 2, 3].exists(i, i == 2)", "[1, 2, 3].exists_one(i, i > 2)", "[1, 2, 3].filter(i, i > 1) == [2, 3]",
        "[1, 2].map(i, i * 2) == [2, 4]", "[1, 2, 3].map(i, i > 1, i * 2) == [4, 6]", "{'a': 1, 'b': 2}.all(k, k != 'c')", "has({'a': 1}.a) && !has({'a': 1}.b)",
        "[1, 2].all(i, v, v == i + 1)", "{'a': 1}.exists(k, v, k == 'a' && v == 1)", "[1, 2].transformList(i, v, i + v) == [1, 3]",
        "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}", "cel.bind(y, 3, y * y == 9)", "[3, 1, 2].sortBy(i, i) == [1, 2, 3]", "[0, 1].exists(i, 1 / i == 1)",

        // Optional values.
        "{'a': 1}[?'b'].orValue(2) == 2", "{'a': 1}.?a.orValue(2) == 1", "optional.none().or(optional.of(3)).value() == 3", "!optional.none().hasValue()",
        "{'a': {'b': 5}}.?a.?b.orValue(0) == 5", "dyn({'a': 1}).?c.b.hasValue() == false", "optional.of(2).optMap(v, v + 1).value() == 3", "[1, 2][?5].hasValue() == false",
        "optional.ofNonZeroValue('').hasValue() == false", "{?'a': optional.none(), 'b': 1} == {'b': 1}", "[?optional.of(1), ?optional.none()] == [1]",

        // Conversions and times.
        "int('12') == 12", "int(3.9) == 3", "uint(3) == 3u", "double('1.5') == 1.5", "string(12) == '12'", "string(1.0) == '1'", "string(true) == 'true'", "bool('true')",
        "type(1) == int", "type('a') == string", "size('é') == 1", "size([1, 2]) == 2", "'abc'.size() == 3", "size(b'abc') == 3",
        "duration('1h30m').getMinutes() == 90", "duration('90s') == duration('1m30s')", "string(duration('1.5s')) == '1.5s'",
        "timestamp('2024-02-03T04:05:06Z').getFullYear() == 2024", "timestamp('2024-02-03T04:05:06Z').getMonth() == 1", "timestamp('2024-02-03T04:05:06Z').getHours('+02:00') == 6",
        "timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')", "timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')",

        // Strings, regular expressions, base64, format.
        "'hello'.contains('ell') && 'hello'.startsWith('he') && 'hello'.endsWith('lo')", "'hello'.matches('^h.*o$')", "matches('abc', 'b')", "'tacocat'.charAt(3) == 'o'",
        "'hello mellow'.indexOf('ello', 2) == 7", "'hello mellow'.lastIndexOf('ello') == 7", "['a', 'b'].join('-') == 'a-b'", "'TacoCat'.lowerAscii() == 'tacocat'", "'a'.upperAscii() == 'A'",
        "'hello hello'.replace('he', 'we') == 'wello wello'", "'hello hello'.replace('he', 'we', 1) == 'wello hello'", "'a b c'.split(' ') == ['a', 'b', 'c']", "'a b c'.split(' ', 2) == ['a', 'b c']",
        "'tacocat'.substring(4) == 'cat'", "'tacocat'.substring(0, 4) == 'taco'", "'  a '.trim() == 'a'", "'%s is %d and %.2f'.format(['a', 3, 1.5]) == 'a is 3 and 1.50'", "'%x'.format([255]) == 'ff'",
        "'abc 123'.find('[0-9]+') == '123'", "'1 2 3'.findAll('[0-9]') == ['1', '2', '3']", "base64.encode(b'hello') == 'aGVsbG8='", "base64.decode('aGVsbG8') == b'hello'", "strings.quote('a\"b') == '\"a\\\\\"b\"'",

        // Lists and sets.
        "[1, 2, 3].sum() == 6", "[3, 1].min() == 1", "[3, 1].max() == 3", "[1, 2].isSorted()", "[1, 2, 1].indexOf(1) == 0", "[1, 2, 1].lastIndexOf(1) == 2", "[1, 1, 2].distinct() == [1, 2]",
        "[1, [2, [3]]].flatten() == [1, 2, [3]]", "[1, 2, 3].slice(1, 3) == [2, 3]", "[2, 1].sort() == [1, 2]", "[1, 2].reverse() == [2, 1]", "lists.range(3) == [0, 1, 2]", "[1].first().value() == 1",
        "sets.contains([1, 2, 3], [2])", "sets.equivalent([1, 2], [2, 1, 1])", "sets.intersects([1], [1, 2])", "math.greatest(1, 3, 2) == 3", "math.least([4, 2]) == 2",

        // Kubernetes' libraries.
        "quantity('1Gi').isGreaterThan(quantity('1G'))", "quantity('50M').add(quantity('20k')).compareTo(quantity('50020k')) == 0", "isQuantity('1.5Gi') && !isQuantity('x')", "quantity('2k').asInteger() == 2000",
        "quantity('1000m') == quantity('1')", "url('https://example.com:80/path?a=1&a=2').getHost() == 'example.com:80'", "url('https://example.com:80/').getPort() == '80'", "url('/path').getEscapedPath() == '/path'",
        "url('https://e.com/?k=v&k=w').getQuery()['k'] == ['v', 'w']", "isURL('https://a.b') && !isURL('../a')", "ip('10.0.0.1').family() == 4", "isIP('::1') && !isIP('10.0.0.01')", "ip('127.0.0.1').isLoopback()",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3')", "cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))", "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", "string(cidr('10.0.0.0/8').ip()) == '10.0.0.0'",
        "semver('1.2.3').isLessThan(semver('1.10.0'))", "semver('v1.2', true).minor() == 2", "semver('1.0.0-rc.1').compareTo(semver('1.0.0')) == -1", "!isSemver('1.2')",
        "!format.dns1123Label().validate('my-name').hasValue()", "format.dns1123Label().validate('My name').hasValue()", "format.named('uri').value().validate('https://a').hasValue() == false",
    ];

    public static TheoryData<string, string> Failures => new()
    {
        { "1 / 0 == 0", "division by zero" },
        { "9223372036854775807 + 1 > 0", "overflow" },
        { "{'a': 1}.b == 1", "no such key: b" },
        { "[1][1] == 1", "index out of bounds: 1" },
        { "dyn('a') + dyn(1) == dyn(1)", "no such overload" },
        { "int('x') == 1", "invalid syntax" },
        { "duration('x') == duration('1s')", "invalid duration" },
        { "optional.none().value() == 1", "optional.none() dereference" },
        { "'abc'.substring(4) == ''", "index out of range: 4" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "1 +", "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>'" },
        { "y == 1", "ERROR: <input>:1:1: undeclared reference to 'y' (in container '')\n | y == 1\n | ^" },
        { "1 + 'a' == 2", "found no matching overload for '_+_' applied to '(int, string)'" },
        { "'a'.nothing() == 2", "undeclared reference to 'nothing' (in container '')" },
        { "'a'.contains(1)", "found no matching overload for 'contains' applied to 'string.(int)'" },
        { "1 == 'a'", "found no matching overload for '_==_' applied to '(int, string)'" },
        { "1.all(i, true)", "cannot be range of a comprehension" },
        { "'a'.all(i, true)", "cannot be range of a comprehension" },
        { "[1].all(i, i)", "expected type 'bool' but found 'int'" },
    };

    [Theory]
    [MemberData(nameof(True))]
    public void An_expression_holds_as_the_language_says(string expression)
    {
        Assert.Equal(true, Run(expression));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void An_expression_that_cannot_be_computed_says_why(string expression, string message)
    {
        CelException error = Assert.Throws<CelException>(() => Run(expression));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_wrong_expression_is_refused_with_its_place(string expression, string message)
    {
        CelCompileException error = Assert.Throws<CelCompileException>(() => Environment.Compile(expression));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_read_by_the_type_it_is_said_to_have()
    {
        var type = CelType.Object("Widget", new Dictionary<string, CelType>(StringComparer.Ordinal)
        {
            ["share"] = CelType.Double,
            ["at"] = CelType.Timestamp,
            ["my-field"] = CelType.String,
            ["tags"] = CelType.List(CelType.String, isUnordered: true),
        });
        var environment = new CelEnvironment(new Dictionary<string, CelType>(StringComparer.Ordinal) { ["self"] = type });
        JsonNode json = JsonNode.Parse("""{"share":1,"at":"2024-02-03T04:05:06Z","my-field":"a","tags":["a","b"]}""")!;

        CelProgram program = environment.Compile(
            "self.share == 1.0 && self.at.getHours() == 4 && self.my__dash__field == 'a' && self.tags == ['b', 'a']");
        CelCompileException error = Assert.Throws<CelCompileException>(() => environment.Compile("self.missing == 1"));

        Assert.True(program.EvaluateBool(new Dictionary<string, object?>(StringComparer.Ordinal) { ["self"] = CelValue.FromJson(json, type) }, new CelBudget(1000), CancellationToken.None));
        Assert.Contains("undefined field 'missing'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", 5_000)]
    [InlineData("x.", 4_000)]
    [InlineData("1 + ", 4_500)]
    [InlineData("!", 5_000)]
    [InlineData("[", 5_000)]
    [InlineData("x.", 49_000)]
    public void An_expression_nested_without_end_is_refused_or_runs_but_never_ends_the_process(string part, int times)
    {
        string expression = string.Concat(Enumerable.Repeat(part, times)) + "x";

        Exception? error = Record.Exception(() => Run(expression));

        Assert.True(error is null or CelException or CelCompileException, error?.ToString());
    }

    [Fact]
    public void Work_beyond_the_budget_is_stopped()
    {
        CelProgram program = Environment.Compile("lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))");

        Assert.Throws<CelCostException>(() => program.Evaluate(NoVariables(), new CelBudget(100_000), CancellationToken.None));
    }

    [Fact]
    public void What_a_policy_builds_becomes_json()
    {
        CelProgram program = Environment.Compile("Object{metadata: Object.metadata{labels: {'a': 'b'}}, spec: Object.spec{?replicas: optional.none(), list: [1, 2.5, true, null]}}");

        JsonNode? json = program.EvaluateJson(NoVariables(), new CelBudget(1000), CancellationToken.None);

        Assert.Equal("""{"metadata":{"labels":{"a":"b"}},"spec":{"list":[1,2.5,true,null]}}""", json?.ToJsonString());
    }

    private static object? Run(string expression) => Environment.Compile(expression).Evaluate(NoVariables(), new CelBudget(100_000), CancellationToken.None);

    private static Dictionary<string, object?> NoVariables() => new(StringComparer.Ordinal) { ["x"] = 1L };
}
