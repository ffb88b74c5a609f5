using MiniPlane.Ingress.Routing;

namespace MiniPlane.Ingress.Tests.Routing;

/// <summary>The examples of the Ingress documentation's table.</summary>
public sealed class PathMatchTests
{
    [Theory]
    [InlineData("/", false, "/anything", true)]
    [InlineData("/foo", true, "/foo", true)]
    [InlineData("/foo", true, "/bar", false)]
    [InlineData("/foo", true, "/foo/", false)]
    [InlineData("/foo/", true, "/foo", false)]
    [InlineData("/foo", false, "/foo", true)]
    [InlineData("/foo", false, "/foo/", true)]
    [InlineData("/foo/", false, "/foo", true)]
    [InlineData("/aaa/bb", false, "/aaa/bbb", false)]
    [InlineData("/aaa/bbb", false, "/aaa/bbb/ccc", true)]
    public void Exact_is_exact_and_a_prefix_is_of_whole_elements(string path, bool isExact, string request, bool matches) =>
        Assert.Equal(matches, new PathMatch(path, isExact).Matches(request));
}
