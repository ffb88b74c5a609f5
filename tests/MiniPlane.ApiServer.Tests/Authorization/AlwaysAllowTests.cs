using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Tests.Authorization;

public sealed class AlwaysAllowTests
{
    private readonly AlwaysAllowAuthorizer _authorizer = new();

    [Theory]
    [InlineData("bob", "the-group", true)]
    [InlineData("bob", "system:authenticated", true)]
    [InlineData("system:anonymous", "the-group", false)]
    [InlineData("bob", "system:unauthenticated", false)]
    public async Task Everyone_may_do_everything_but_nobody(string name, string group, bool expected)
    {
        var attributes = new AccessAttributes
        {
            User = new UserInfo { Name = name, Groups = [group] },
            Verb = "delete",
            IsResource = true,
            Resource = "pods",
        };

        Assert.Equal(expected, (await _authorizer.DecideAsync(attributes, default)).IsAllowed);
    }
}
