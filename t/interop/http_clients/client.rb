# A client of HTTP with Ruby's gem net-http-digest_auth.  The gem's first count
# is 0, which servers refuse, so a refused request is repeated once with the new
# challenge.
#
# usage: client.rb URL USER PASSWORD COUNT
require 'net/http'
require 'net/http/digest_auth'
require 'uri'

url, user, password, count = ARGV
uri = URI.parse(url)
uri.user = user
uri.password = URI.encode_www_form_component(password).gsub('+', '%20')
http = Net::HTTP.new(uri.host, uri.port, nil)
http.read_timeout = 60
http.start
auth = Net::HTTP::DigestAuth.new
path = uri.request_uri
challenge = http.request(Net::HTTP::Get.new(path))['www-authenticate']
Integer(count).times do
  reply = nil
  2.times do
    request = Net::HTTP::Get.new(path)
    request['Authorization'] = auth.auth_header(uri, challenge, 'GET')
    reply = http.request(request)
    break unless reply.code == '401'
    challenge = reply['www-authenticate']
  end
  abort "refused: #{reply.code}" unless reply.code == '200'
  print reply.body
end
