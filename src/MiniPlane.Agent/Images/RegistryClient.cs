using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Agent.Images;

/// <summary>Asks registries which manifest a tag means (OCI distribution-spec, "Checking if content exists").</summary>
internal sealed class RegistryClient(HttpMessageInvoker http, RegistryPolicy policy, TimeProvider time)
{
    // A registry behind a filter that drops packets, or one that accepts and says nothing, must not hold a pod for ever.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
    ];

    public RegistryPolicy Policy => policy;

    /// <summary>How registries are reached: trusting whom the node trusts.</summary>
    public static SocketsHttpHandler Handler(HostTrust trust) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(15),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => RegistryTrustException.Check(trust, certificate, chain, errors),
        },
    };

    /// <summary>
    /// What a reference means at a location, for the first of the accounts that may see it;
    /// <see cref="ImagePullException"/> with the registry's reason when there is none.
    /// </summary>
    public async ValueTask<ResolvedImage> ResolveAsync(
        ImageReference reference, ImageLocation location, IReadOnlyList<RegistryAccount> accounts, CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            using CancellationTokenSource limit = new(AnswerLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await ResolveAsync(reference, location, i < accounts.Count ? accounts[i] : null, either.Token);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The handler's own limit for connections ends as a cancellation too.
                throw new ImagePullException("ErrImagePull", $"failed to resolve reference \"{reference.FullName}\": {location.Host} does not answer: i/o timeout", exception);
            }
            catch (ImagePullException refused) when (refused.IsDenied && i + 1 < accounts.Count)
            {
                // The next account may.
            }
        }
    }

    private async ValueTask<ResolvedImage> ResolveAsync(
        ImageReference reference, ImageLocation location, RegistryAccount? account, CancellationToken cancellationToken)
    {
        (string host, string repository, _) = location;
        string wanted = reference.Digest.Length > 0 ? reference.Digest : reference.Tag;
        try
        {
            return await AskAsync("https", host, repository, wanted, account, reference, cancellationToken);
        }
        catch (HttpRequestException exception) when (policy.AllowsPlain(host) && IsNotTls(exception))
        {
            // Falls through: the registry does not speak TLS, and need not.
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(reference, exception);
        }

        try
        {
            return await AskAsync("http", host, repository, wanted, account, reference, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(reference, exception);
        }
    }

    private async ValueTask<ResolvedImage> AskAsync(
        string scheme,
        string host,
        string repository,
        string wanted,
        RegistryAccount? account,
        ImageReference reference,
        CancellationToken cancellationToken)
    {
        Uri address = new($"{scheme}://{host}/v2/{repository}/manifests/{wanted}");
        HttpResponseMessage response = await HeadAsync(address, null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            AuthenticationHeaderValue? authorization =
                await AuthorizeAsync(response, repository, account, cancellationToken);
            response.Dispose();
            response = await HeadAsync(address, authorization, cancellationToken);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                throw new ImagePullException("ErrImagePull", Explain(reference, host, response.StatusCode, account))
                {
                    IsDenied = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden,
                };
            }

            string? digest = response.Headers.TryGetValues("Docker-Content-Digest", out IEnumerable<string>? values)
                ? values.FirstOrDefault()
                : reference.Digest;
            return digest is { Length: > 0 }
                ? new ResolvedImage { Host = host, Repository = repository, Digest = digest, Account = account, IsPlain = scheme == "http" }
                : throw new ImagePullException("ErrImagePull", $"{host} did not say the digest of {reference.FullName}");
        }
    }

    private async Task<HttpResponseMessage> HeadAsync(
        Uri address, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, address);
        foreach (string type in ManifestTypes)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        request.Headers.Authorization = authorization;
        return await http.SendAsync(request, cancellationToken);
    }

    private async Task<AuthenticationHeaderValue?> AuthorizeAsync(
        HttpResponseMessage refusal, string repository, RegistryAccount? account, CancellationToken cancellationToken)
    {
        AuthenticationHeaderValue? basic = account is null
            ? null
            : new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.User}:{account.Password}")));
        foreach (AuthenticationHeaderValue header in refusal.Headers.WwwAuthenticate)
        {
            if (RegistryChallenge.TryParse(header) is not { } challenge)
            {
                continue;
            }

            using HttpRequestMessage request = new(HttpMethod.Get, challenge.TokenAddress(repository));
            request.Headers.Authorization = basic;
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return basic;
            }

            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            RegistryToken? token = await JsonSerializer.DeserializeAsync(body, ImageJson.Default.RegistryToken, cancellationToken);
            return new AuthenticationHeaderValue("Bearer", token?.Token ?? token?.AccessToken ?? "");
        }

        return basic;
    }

    // A certificate that is not trusted is TLS, and answers no plain question.
    private static bool IsNotTls(HttpRequestException exception) =>
        exception.InnerException is not RegistryTrustException
        && (exception.InnerException is AuthenticationException or IOException
            || exception.HttpRequestError is HttpRequestError.SecureConnectionError or HttpRequestError.ConnectionError);

    private static ImagePullException Unreachable(ImageReference reference, HttpRequestException exception) => new(
        "ErrImagePull",
        $"failed to resolve reference \"{reference.FullName}\": {(exception.InnerException as RegistryTrustException ?? (Exception)exception).Message}",
        exception);

    // The words are containerd's.
    private static string Explain(ImageReference reference, string host, HttpStatusCode status, RegistryAccount? account) => status switch
    {
        HttpStatusCode.NotFound => $"failed to resolve reference \"{reference.FullName}\": {reference.FullName}: not found",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            $"failed to resolve reference \"{reference.FullName}\": pull access denied, repository does not exist or may require authorization: "
            + (account is null ? $"no account for {host} among the pod's imagePullSecrets" : $"{host} refuses the account of the pod's imagePullSecrets"),
        _ => $"failed to resolve reference \"{reference.FullName}\": unexpected status from HEAD request: {(int)status}",
    };
}
